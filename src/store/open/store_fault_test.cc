// Stores that are damaged, locked, read-only, too new, or not stores at all.
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "store/open/store_testing.h"
#include "store/sql/migrations.h"
#include "store/sql/sql_store.h"
#include "store/sqlite/sqlite_driver.h"

namespace levee::store::testing {
namespace {

// A connection beside the store's own.
class RawDatabase {
 public:
  explicit RawDatabase(const std::string& path) { EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK); }
  ~RawDatabase() { sqlite3_close(database_); }
  void Run(const std::string& sql) {
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  }
  std::int64_t Number(const std::string& sql) {
    std::int64_t number = -1;
    const auto keep = [](void* to, int, char** values, char**) {
      *static_cast<std::int64_t*>(to) = std::atoll(values[0]);
      return 0;
    };
    sqlite3_exec(database_, sql.c_str(), keep, &number, nullptr);
    return number;
  }

 private:
  sqlite3* database_ = nullptr;
};

std::vector<File> SomeFiles(int count) {
  std::vector<File> files;
  for (int i = 0; i < count; ++i) {
    File file;
    file.path = "f" + std::to_string(i * 7919 % 100000);
    file.size = i;
    file.low = i;
    file.high = i + 1;
    files.push_back(file);
  }
  return files;
}

std::int64_t MakeTable(Store& store, int files) {
  const std::int64_t table = Value(store.CreateTable("file:///t", "t", std::nullopt)).id;
  auto session = Value(store.BeginImport(table, {.first_version = 0, .last_version = 0, .main = true}));
  Ok(session->AddEntries(AddsOf(SomeFiles(files), true), false));
  CommitRecord record;
  record.num_files = files;
  Ok(session->Publish({record}, {}));
  return table;
}

class StoreFaultTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::string path_ = folder_.File("s.db");
};

TEST(OpenStore, RefusesWhatItCannotOpen) {
  TemporaryFolder folder;
  EXPECT_EQ(OpenStore("", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(OpenStore(folder.File("no.db"), {.create = false}).error().code, ErrorCode::kNotFound);
  const auto postgres = OpenStore("postgresql://me:secret@host/db", {});
  EXPECT_EQ(postgres.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(postgres.error().ToString().find("secret"), std::string::npos);
  EXPECT_EQ(OpenStore("duckdb:x", {}).error().code, ErrorCode::kUnsupported);
  std::ofstream(folder.File("text")) << std::string(5000, 'x');
  EXPECT_EQ(OpenStore(folder.File("text"), {}).error().code, ErrorCode::kCorrupt);
  RawDatabase(folder.File("other.db")).Run("CREATE TABLE t(a)");
  EXPECT_EQ(OpenStore(folder.File("other.db"), {}).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(OpenStore("/proc/none/x.db", {}).error().code, ErrorCode::kIo);
}

TEST(OpenStore, MakesFoldersAndTakesTheScheme) {
  TemporaryFolder folder;
  Value(OpenStore("sqlite:" + folder.File("a/b/c.db"), {}));
  EXPECT_EQ(Value(Value(OpenStore(folder.File("a/b/c.db"), {.create = false}))->ReadInfo()).schema_version,
            kSchemaVersion);
}

TEST_F(StoreFaultTest, ANewerSchemaIsRefusedNamingBothVersions) {
  OpenFile(path_).reset();
  RawDatabase(path_).Run("PRAGMA user_version=99");
  const auto store = OpenStore(path_, {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(store.error().why.find("99"), std::string::npos);
  EXPECT_NE(store.error().why.find(std::to_string(kSchemaVersion)), std::string::npos);
}

TEST_F(StoreFaultTest, AReadOnlyStoreReadsAndRefusesToWrite) {
  const std::int64_t table = MakeTable(*OpenFile(path_), 500);
  const auto store = Value(OpenStore(path_, {.create = false, .read_only = true}));
  EXPECT_EQ(Value(store->Count(Alive(table, 0))), 500);
  EXPECT_EQ(store->CreateTable("file:///u", "", std::nullopt).error().code, ErrorCode::kIo);
  EXPECT_EQ(store->BeginImport(table, {}).error().code, ErrorCode::kIo);
  EXPECT_EQ(store->TouchSync(table, 1).error().code, ErrorCode::kIo);
}

TEST_F(StoreFaultTest, AFileThatMayNotBeWrittenIsStillRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  const std::int64_t table = MakeTable(*OpenFile(path_), 500);
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  std::filesystem::permissions(folder, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  {
    const auto store = OpenFile(path_);
    EXPECT_EQ(Value(store->Count(Alive(table, 0))), 500);
    EXPECT_EQ(store->TouchSync(table, 1).error().code, ErrorCode::kIo);
  }
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

TEST_F(StoreFaultTest, ALockedStoreStillReadsAndSaysSoToWriters) {
  auto store = Value(OpenStore(path_, {.busy_timeout_ms = 20}));
  const std::int64_t table = MakeTable(*store, 10);
  RawDatabase other(path_);
  other.Run("BEGIN IMMEDIATE");
  EXPECT_EQ(Value(store->Count(Alive(table, 0))), 10);
  std::vector<CommitDelta> commits;
  commits.push_back(Commit(1, {}, {}));
  const auto outcome = store->PublishCommits(table, *Value(store->ReadHead(table)), commits);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable);
  Ok(store->TouchSync(table, 5));  // may be skipped
  other.Run("ROLLBACK");
  EXPECT_TRUE(Publish(*store, table, commits));
}

TEST_F(StoreFaultTest, EachFlippedBitIsFoundAndNamed) {
  const std::int64_t table = MakeTable(*Value(OpenStore(path_, {.index_everything = true})), 5000);
  EXPECT_EQ(Value(OpenFile(path_)->ColumnIndexes(table)).size(), 1u);
  EXPECT_EQ(Value(OpenFile(path_)->ReadStatistics(table, {MinKey()})).at(0).entries, 5000);
  RawDatabase raw(path_);
  const std::int64_t chunks = raw.Number("SELECT count(*) FROM chunks");
  ASSERT_GT(chunks, 3);
  for (std::int64_t i = 0; i < chunks; ++i) {
    const std::string chunk = "(SELECT chunk_id FROM chunks LIMIT 1 OFFSET " + std::to_string(i) + ")";
    raw.Run("CREATE TEMP TABLE kept AS SELECT * FROM chunks WHERE chunk_id=" + chunk);
    // One byte in the middle becomes another.
    raw.Run("UPDATE chunks SET data=substr(data, 1, length(data)/2) ||"
            " CASE WHEN substr(data, length(data)/2+1, 1)=x'41' THEN x'42' ELSE x'41' END ||"
            " substr(data, length(data)/2+2) WHERE chunk_id=" + chunk);
    const auto damaged = Value(OpenFile(path_)->Verify(table));
    EXPECT_FALSE(damaged.empty()) << "chunk " << i;
    for (const std::string& what : damaged) EXPECT_NE(what.find("segment 1"), std::string::npos) << what;
    raw.Run("UPDATE chunks SET data=(SELECT data FROM kept) WHERE chunk_id=(SELECT chunk_id FROM kept);"
            "DROP TABLE kept");
  }
  EXPECT_TRUE(Value(OpenFile(path_)->Verify(table)).empty());
  raw.Run("UPDATE segments SET body=substr(body, 1, 20) || x'7b' || substr(body, 22)");
  const auto store = OpenFile(path_);
  EXPECT_FALSE(Value(store->Verify(table)).empty());
  const auto next = Value(store->Scan(Alive(table, 0)))->Next();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(next.error().what.find("segment 1"), std::string::npos);
}

TEST_F(StoreFaultTest, LongStateIsKeptShortAndItsDamageIsFound) {
  const std::string schema = "{\"metaData\":\"" + std::string(4000, 's') + "\"}";
  const std::string brief = "{\"protocol\":1}";
  const auto store = OpenFile(path_);
  const std::int64_t table = MakeTable(*store, 10);
  CommitDelta commit = Commit(1, {}, {});
  commit.state = {{1, "", 1, brief}, {2, "", 1, schema}};
  std::vector<CommitDelta> commits;
  commits.push_back(std::move(commit));
  ASSERT_TRUE(Publish(*store, table, std::move(commits)));
  const auto state = Value(OpenFile(path_)->ReadState(table, 1));
  ASSERT_EQ(state.size(), 2u);
  EXPECT_EQ(state[0].json, brief);
  EXPECT_EQ(state[1].json, schema);
  RawDatabase raw(path_);
  EXPECT_LT(raw.Number("SELECT max(length(json)) FROM state_actions"), 400);
  EXPECT_TRUE(Value(OpenFile(path_)->Verify(table)).empty());
  // What an older program wrote is text, however long.
  raw.Run("INSERT INTO state_actions SELECT range_id, 3, key, version, '" + schema + "' FROM state_actions WHERE kind=1");
  EXPECT_EQ(Value(OpenFile(path_)->ReadState(table, 1)).at(2).json, schema);
  raw.Run("UPDATE state_actions SET json=substr(json, 1, 20) || x'7b' || substr(json, 22) WHERE kind=2");
  const auto damaged = OpenFile(path_)->ReadState(table, 1);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(damaged.error().what.find("state of range"), std::string::npos);
  EXPECT_EQ(Value(OpenFile(path_)->Verify(table)).size(), 1u);
}

TEST_F(StoreFaultTest, AReaderWhoseSegmentsAreGoneStartsAgain) {
  const auto open = [&] {
    return Value(SqlStore::Open(Value(OpenSqlite(path_, {})), {.cache_bytes = 0, .drop_lease_ms = -1000},
                                SystemClock()));
  };
  const auto store = open();
  const auto other = open();
  const std::int64_t table = MakeTable(*store, 3000);
  const auto files = SomeFiles(3000);
  Publish(*store, table, {Commit(1, {}, {files.begin(), files.begin() + 10})});
  const auto stream = Value(other->Scan(Alive(table, 1)));
  EXPECT_TRUE(Value(store->Compact(table, true)));
  EXPECT_EQ(RawDatabase(path_).Number("SELECT count(*) FROM segments WHERE state=2"), 0);
  EXPECT_EQ(FilesOf(*stream).size(), 2990u);
  EXPECT_EQ(Value(other->Count(Alive(table, 0))), 3000);
}

// Segments may go away while an answer of several batches is read: a lease after they were replaced.
class LostSegmentsTest : public StoreFaultTest {
 protected:
  static constexpr int kPerSegment = 17'000;  // more than a batch, so that batches are fetched ahead too
  static constexpr int kSegments = 7;

  void SetUp() override {
    StoreFaultTest::SetUp();
    writer_ = OpenWithoutLease();
    reader_ = OpenWithoutLease();
    files_ = SomeFiles(kPerSegment * kSegments);
    for (File& file : files_) file.path += "-" + std::to_string(file.size);
    table_ = Value(writer_->CreateTable("file:///t", "t", std::nullopt)).id;
    auto session = Value(writer_->BeginImport(table_, {.first_version = 0, .last_version = 0, .main = true}));
    for (int i = 0; i < kSegments; ++i) {
      const auto first = files_.begin() + i * kPerSegment;
      Ok(session->AddEntries(AddsOf({first, first + kPerSegment}, true), false));
    }
    CommitRecord record;
    record.num_files = static_cast<std::int64_t>(files_.size());
    Ok(session->Publish({record}, {}));
    // A quarter goes, so that every segment is worth rewriting.
    std::vector<File> removed;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      (i % 4 == 0 ? removed : alive_).push_back(files_[i]);
    }
    Publish(*writer_, table_, {Commit(1, {}, removed)});
  }
  std::unique_ptr<Store> OpenWithoutLease() {
    return Value(SqlStore::Open(Value(OpenSqlite(path_, {})), {.cache_bytes = 0, .drop_lease_ms = -1000},
                                SystemClock()));
  }
  // Replaces every segment and deletes what was there.
  void Replace() {
    RawDatabase raw(path_);
    const std::int64_t last = raw.Number("SELECT max(segment_id) FROM segments");
    ASSERT_TRUE(Value(writer_->Compact(table_, true)));
    ASSERT_EQ(raw.Number("SELECT count(*) FROM segments WHERE segment_id<=" + std::to_string(last)), 0);
  }
  // Replaces the segments once the reader has the first batch.
  std::vector<File> ReadWhileReplaced(const ScanRequest& request) {
    const auto stream = Value(reader_->Scan(request));
    FirstThenRest both{Value(stream->Next()), *stream};
    EXPECT_NE(both.first, nullptr);
    EXPECT_LT(both.first->rows, alive_.size() / 2);
    Replace();
    return FilesOf(both);
  }

  // A batch that was read already, then the others.
  struct FirstThenRest final : columnar::BatchStream {
    FirstThenRest(std::unique_ptr<Batch> batch, BatchStream& others)
        : first(std::move(batch)), rest(others) {}
    Result<std::unique_ptr<Batch>> Next() override {
      if (first != nullptr) return std::move(first);
      return rest.Next();
    }
    std::unique_ptr<Batch> first;
    BatchStream& rest;
  };

  std::unique_ptr<Store> writer_, reader_;
  std::vector<File> files_, alive_;
  std::int64_t table_ = 0;
};

TEST_F(LostSegmentsTest, TheStreamGoesOnWithWhatIsLeft) {
  const std::map<std::string, File> right = ScanFiles(*writer_, Alive(table_, 1));
  ASSERT_EQ(right.size(), alive_.size());
  EXPECT_EQ(ByKey(ReadWhileReplaced(Alive(table_, 1))), right);
}

TEST_F(LostSegmentsTest, AnOlderVersionToo) {
  EXPECT_EQ(ByKey(ReadWhileReplaced(Alive(table_, 0))).size(), files_.size());
}

TEST_F(LostSegmentsTest, ALimitHolds) {
  ScanRequest request = Alive(table_, 1);
  request.limit = static_cast<std::int64_t>(alive_.size()) - 5;
  EXPECT_EQ(ByKey(ReadWhileReplaced(request)).size(), alive_.size() - 5);
}

// Rows that nothing tells apart: as many as there are.
TEST_F(LostSegmentsTest, RowsWithoutAKeyToo) {
  ScanRequest request = Alive(table_, 1);
  request.columns = {columnar::PlainKey(ColumnRole::kNumRecords)};
  const auto stream = Value(reader_->Scan(request));
  FirstThenRest both{Value(stream->Next()), *stream};
  Replace();
  std::size_t rows = 0;
  while (auto batch = Value(both.Next())) rows += batch->rows;
  EXPECT_EQ(rows, alive_.size());
}

// A reader of the usual lease remembers nothing of its first batches until half of that is over.
TEST_F(LostSegmentsTest, WhatWasHandedOutEarlyIsKnownLater) {
  const std::map<std::string, File> right = ScanFiles(*writer_, Alive(table_, 1));
  const auto store = Value(SqlStore::Open(Value(OpenSqlite(path_, {})), {.cache_bytes = 0, .drop_lease_ms = 400},
                                          SystemClock()));
  const auto stream = Value(store->Scan(Alive(table_, 1)));
  FirstThenRest early{Value(stream->Next()), *stream};
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  FirstThenRest late{Value(stream->Next()), *stream};
  Replace();
  std::vector<File> found;
  const auto take = [&](std::unique_ptr<Batch> batch) {
    struct One final : columnar::BatchStream {
      explicit One(std::unique_ptr<Batch> only) : batch(std::move(only)) {}
      Result<std::unique_ptr<Batch>> Next() override { return std::move(batch); }
      std::unique_ptr<Batch> batch;
    } one(std::move(batch));
    std::ranges::move(FilesOf(one), std::back_inserter(found));
  };
  take(std::move(early.first));
  take(std::move(late.first));
  while (auto batch = Value(stream->Next())) take(std::move(batch));
  EXPECT_EQ(found.size(), right.size());  // none of them twice
  EXPECT_EQ(ByKey(found), right);
}

// What cannot be told apart is an error, never an answer with rows missing or twice.
TEST_F(LostSegmentsTest, SegmentsThatGoBeforeTheirLeaseEndTheStream) {
  const auto store = Value(SqlStore::Open(Value(OpenSqlite(path_, {})), {.cache_bytes = 0}, SystemClock()));
  const auto stream = Value(store->Scan(Alive(table_, 1)));
  ASSERT_NE(Value(stream->Next()), nullptr);
  Replace();
  while (true) {
    const auto batch = stream->Next();
    if (batch) {
      ASSERT_NE(*batch, nullptr) << "the stream ended as if nothing were missing";
      continue;
    }
    EXPECT_EQ(batch.error().code, ErrorCode::kUnavailable);
    break;
  }
}

TEST_F(LostSegmentsTest, ChangesToo) {
  ScanRequest request = Alive(table_, 1);
  request.filter = {EntryFilter::Kind::kChangedIn, 1, -1};
  EXPECT_EQ(ByKey(ReadWhileReplaced(request)).size(), files_.size() - alive_.size());
}

TEST_F(StoreFaultTest, WhatAKilledImportStagedIsDeleted) {
  const auto store = OpenFile(path_);
  const std::int64_t table = Value(store->CreateTable("file:///t", "t", std::nullopt)).id;
  auto dead = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0, .main = true}));
  Ok(dead->AddEntries(AddsOf(SomeFiles(3000), true), false));
  RawDatabase raw(path_);
  raw.Run("UPDATE ranges SET owner=replace(owner, ':', ':9999999')");
  auto session = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0, .main = true}));
  EXPECT_EQ(raw.Number("SELECT count(*) FROM segments"), 0);
  EXPECT_EQ(raw.Number("SELECT count(*) FROM chunks"), 0);
  EXPECT_EQ(dead->AddEntries(AddsOf(SomeFiles(1), true), false).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(dead->Publish({CommitRecord()}, {}).error().code, ErrorCode::kUnavailable);
}

TEST_F(StoreFaultTest, ATinyTableIsSmall) {
  const auto store = OpenFile(path_);
  Ok(store->Checkpoint());
  for (int i = 0; i < 100; ++i) {
    const std::string uri = "file:///t" + std::to_string(i);
    const std::int64_t table = Value(store->CreateTable(uri, "", std::nullopt)).id;
    auto session = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0, .main = true}));
    Ok(session->AddEntries(AddsOf(SomeFiles(20), true), false));
    Ok(session->Publish({CommitRecord()}, {{1, "", 0, "{}"}}));
  }
  Ok(store->Checkpoint());
  EXPECT_LT(Value(store->ReadInfo()).size_bytes, 100 * 8 * 1024);
}

}  // namespace
}  // namespace levee::store::testing
