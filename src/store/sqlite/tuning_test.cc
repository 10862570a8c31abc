// What the tuning of a database does to its connections, from the start and later.
#include "store/tuning.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "store/sqlite/sqlite_driver.h"

namespace levee::store {
namespace {

namespace fs = std::filesystem;

class TuningTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "levee-tuning-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<Driver> Open(const TuningValues& values) {
    tuning_ = std::make_shared<Tuning>(values);
    auto driver = OpenSqlite((folder_ / "store.db").string(), {.tuning = tuning_}).value();
    EXPECT_TRUE(driver->Writer(Durability::kStaging).value()->RunScript("CREATE TABLE IF NOT EXISTS t(a); CREATE INDEX IF NOT EXISTS i ON t(a)"));
    return driver;
  }
  // Asked within a transaction, as all that a store does is.
  static std::int64_t Ask(const Lease& connection, const char* sql) {
    EXPECT_TRUE(connection->Begin(TransactionMode::kRead));
    Statement* const statement = connection->Prepare(sql).value();
    EXPECT_TRUE(statement->Step().value());
    const std::int64_t value = statement->Int(0);
    statement->Reset();
    EXPECT_TRUE(connection->Commit());
    return value;
  }

  fs::path folder_;
  std::shared_ptr<Tuning> tuning_;
};

// As SQLite is built: SQLITE_MAX_MMAP_SIZE.
constexpr std::int64_t kMostMapped = 0x7fff0000;

struct PragmaCase {
  const char* sql;
  std::function<void(TuningValues&)> change;
  std::int64_t by_default, changed;
};

const std::vector<PragmaCase>& PragmaCases() {
  static const std::vector<PragmaCase> cases{
      {"PRAGMA mmap_size", [](TuningValues& values) { values.mapped_bytes = 1 << 20; }, kMostMapped, 1 << 20},
      {"PRAGMA temp_store", [](TuningValues& values) { values.temporary = TempPlace::kMemory; }, 0, 2},
      {"PRAGMA temp_store", [](TuningValues& values) { values.temporary = TempPlace::kFile; }, 0, 1},
      {"PRAGMA wal_autocheckpoint", [](TuningValues& values) { values.checkpoint_pages = 12; }, 4'096, 12},
      {"PRAGMA cache_size", [](TuningValues& values) { values.page_cache_bytes = 5 << 20; }, -2'048, -5'120},
  };
  return cases;
}

TEST_F(TuningTest, IsWhatConnectionsDo) {
  for (const PragmaCase& each : PragmaCases()) {
    TuningValues values;
    {
      const auto driver = Open(values);
      const Lease before = driver->Reader().value();
      EXPECT_EQ(Ask(before, each.sql), each.by_default) << each.sql;
      each.change(values);
      tuning_->Change(values);
      EXPECT_EQ(Ask(before, each.sql), each.changed) << each.sql << ", of a connection that is open";
      EXPECT_EQ(Ask(driver->Reader().value(), each.sql), each.changed) << each.sql << ", of a new one";
      EXPECT_EQ(Ask(driver->Writer(Durability::kDurable).value(), each.sql), each.changed) << each.sql << ", of the writer";
      tuning_->Change({});
      EXPECT_EQ(Ask(before, each.sql), each.by_default) << each.sql << ", taken back";
    }
    const auto driver = Open(values);
    EXPECT_EQ(Ask(driver->Reader().value(), each.sql), each.changed) << each.sql << ", from the start";
  }
}

TEST_F(TuningTest, KeepsAsManyConnectionsAsItSays) {
  const auto driver = Open({.connections = 2});
  const auto use_at_once = [&](int count) {
    std::vector<Lease> leases;
    leases.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) leases.push_back(driver->Reader().value());
    EXPECT_EQ(driver->pool().in_use, count);
  };
  const std::int64_t writer = 1;
  use_at_once(5);
  EXPECT_EQ(driver->pool().open, 2 + writer);
  tuning_->Change({.connections = 12});
  use_at_once(20);
  EXPECT_EQ(driver->pool().open, 12 + writer);
}

TEST_F(TuningTest, ClosesConnectionsThatNobodyNeeds) {
  const auto driver = Open({});
  const auto open_after_a_while = [&] {
    { const Lease one = driver->Reader().value(), other = driver->Reader().value(); }
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    return driver->pool().open;
  };
  EXPECT_EQ(open_after_a_while(), 3);
  tuning_->Change({.idle_timeout_ms = 10});
  EXPECT_EQ(open_after_a_while(), 1);
  EXPECT_TRUE(driver->Reader());
}

TEST_F(TuningTest, OptimisesWithTheCheckpointAfterItWasAsked) {
  const auto driver = Open({});
  {
    const Lease writer = driver->Writer(Durability::kStaging).value();
    ASSERT_TRUE(writer->RunScript("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<5000) INSERT INTO t SELECT x FROM n"));
    // Looks at tables whose statistics a query has wanted.
    ASSERT_TRUE(writer->RunScript("SELECT count(*) FROM t WHERE a=7; ANALYZE sqlite_schema"));
  }
  static constexpr char kAnalyzed[] = "SELECT count(*) FROM sqlite_schema WHERE name='sqlite_stat1'";
  tuning_->AskToOptimise();
  ASSERT_TRUE(driver->Checkpoint());
  EXPECT_FALSE(tuning_->TakeOptimise());
  EXPECT_EQ(Ask(driver->Reader().value(), kAnalyzed), 1);
}

}  // namespace
}  // namespace levee::store
