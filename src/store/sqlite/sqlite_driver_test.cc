#include "store/sqlite/sqlite_driver.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace levee::store {
namespace {

// A new file of which another process is about to make a store: it may write, and others may still read.
class SqliteDriverTest : public ::testing::Test {
 protected:
  SqliteDriverTest() {
    std::string name = (std::filesystem::temp_directory_path() / "levee-driver-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ + "/s.db";
    EXPECT_EQ(sqlite3_open(path_.c_str(), &other_), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(other_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  }
  ~SqliteDriverTest() override {
    sqlite3_close(other_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string folder_, path_;
  sqlite3* other_ = nullptr;
};

TEST_F(SqliteDriverTest, WaitsForAnotherProcessThatMakesTheStore) {
  std::jthread release([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    sqlite3_exec(other_, "COMMIT", nullptr, nullptr, nullptr);
  });
  const auto driver = OpenSqlite(path_, {.busy_timeout_ms = 10'000});
  ASSERT_TRUE(driver) << driver.error().ToString();
  const auto writer = (*driver)->Writer(Durability::kDurable);
  ASSERT_TRUE(writer);
  EXPECT_EQ((*writer)->SchemaVersion(), 0);
}

TEST_F(SqliteDriverTest, WaitsNoLongerThanTheBusyBudget) {
  const auto driver = OpenSqlite(path_, {.busy_timeout_ms = 50});
  ASSERT_FALSE(driver);
  EXPECT_EQ(driver.error().code, ErrorCode::kUnavailable);
}

TEST_F(SqliteDriverTest, CountsItsConnections) {
  ASSERT_EQ(sqlite3_exec(other_, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto driver = OpenSqlite(path_, {});
  ASSERT_TRUE(driver) << driver.error().ToString();
  const auto expect = [&](std::int64_t open, std::int64_t in_use) {
    EXPECT_EQ((*driver)->pool().open, open);
    EXPECT_EQ((*driver)->pool().in_use, in_use);
  };
  expect(1, 0);
  {
    const auto first = (*driver)->Reader();
    expect(1, 1);
    const auto second = (*driver)->Reader();
    expect(2, 2);
    const auto writer = (*driver)->Writer(Durability::kDurable);
    expect(3, 3);
  }
  expect(3, 0);
}

TEST_F(SqliteDriverTest, KeepsAsManyPagesAsItsLevelMayHold) {
  ASSERT_EQ(sqlite3_exec(other_,
                         "COMMIT; CREATE TABLE t(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n"
                         " WHERE i<3000) INSERT INTO t SELECT randomblob(1000) FROM n",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  const auto driver = OpenSqlite(path_, {});
  ASSERT_TRUE(driver);
  cache::Level* const pages = (*driver)->pages();
  ASSERT_NE(pages, nullptr);
  const auto scan = [&] {
    const auto reader = (*driver)->Reader();
    // Without memory mapping pages go through the cache.
    ASSERT_TRUE((*reader)->RunScript("PRAGMA mmap_size=0; SELECT sum(length(x)) FROM t"));
  };
  scan();
  const std::uint64_t before = pages->counters().bytes;
  EXPECT_GT(before, 1u << 20);
  EXPECT_LE(before, 3u << 20);
  EXPECT_GT(pages->counters().misses, 100u);
  // A part for each of eight readers.
  pages->SetBudget(1 << 20);
  EXPECT_LT(pages->counters().bytes, 256u << 10);
  scan();
  EXPECT_LT(pages->counters().bytes, 256u << 10);
}

// A file of its own: what stands in it is made and deleted again.
class SqliteSpaceTest : public SqliteDriverTest {
 protected:
  void Fill(Driver& driver) {
    const auto writer = driver.Writer(Durability::kStaging);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->RunScript("CREATE TABLE IF NOT EXISTS t(x); BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1"
                                     " FROM n WHERE i<2000) INSERT INTO t SELECT randomblob(10000) FROM n; COMMIT;"
                                     "DELETE FROM t WHERE rowid % 10 <> 0"));
  }
  std::int64_t Size(Driver& driver) {
    EXPECT_TRUE(driver.Checkpoint());
    return driver.SizeBytes().value();
  }
  std::string own_path_ = folder_ + "/own.db";
};

TEST_F(SqliteSpaceTest, GivesFreePagesBackStepByStep) {
  const auto driver = OpenSqlite(own_path_, {});
  ASSERT_TRUE(driver) << driver.error().ToString();
  Fill(**driver);
  const std::int64_t full = Size(**driver);
  std::int64_t free = (*driver)->FreeBytes().value();
  EXPECT_GT(free, full / 2);
  const std::int64_t left = (*driver)->ReleaseFreeBytes(1 << 20).value();
  EXPECT_EQ(free - left, 1 << 20);
  EXPECT_LT(Size(**driver), full);
  while (free > 0) free = (*driver)->ReleaseFreeBytes(1 << 20).value();
  EXPECT_LT(Size(**driver), full / 4);
  const auto reader = (*driver)->Reader();
  EXPECT_TRUE((*reader)->RunScript("PRAGMA integrity_check"));
}

TEST_F(SqliteSpaceTest, AnOlderFileGivesNoneBackUntilItIsWrittenAnew) {
  sqlite3* older = nullptr;
  ASSERT_EQ(sqlite3_open(own_path_.c_str(), &older), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(older, "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; CREATE TABLE t(x)", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(older);
  const auto driver = OpenSqlite(own_path_, {});
  ASSERT_TRUE(driver) << driver.error().ToString();
  Fill(**driver);
  EXPECT_EQ((*driver)->FreeBytes(), 0);
  EXPECT_EQ((*driver)->ReleaseFreeBytes(1 << 20), 0);
  EXPECT_TRUE((*driver)->ShrinkFile());
  Fill(**driver);
  EXPECT_GT((*driver)->FreeBytes().value(), 1 << 20);
}

TEST_F(SqliteSpaceTest, PassingReadersAreApart) {
  const auto driver = OpenSqlite(own_path_, {});
  ASSERT_TRUE(driver) << driver.error().ToString();
  Fill(**driver);
  for (int round = 0; round < 2; ++round) {
    const auto passing = (*driver)->PassingReader(), usual = (*driver)->Reader();
    for (const auto& [lease, mapped] : {std::pair(&*passing, false), std::pair(&*usual, true)}) {
      const auto statement = (*lease)->Prepare("PRAGMA mmap_size");
      ASSERT_TRUE(statement);
      ASSERT_TRUE((*statement)->Step());
      EXPECT_EQ((*statement)->Int(0) > 0, mapped);
      (*statement)->Reset();
    }
    EXPECT_EQ((*driver)->pool().in_use, 2);
  }
}

}  // namespace
}  // namespace levee::store
