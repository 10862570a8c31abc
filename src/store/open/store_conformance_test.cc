// What every store must do, whatever database it stands on.
#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

File MakeFile(int i, std::optional<std::int64_t> added = std::nullopt) {
  File file;
  file.path = "part-" + std::to_string(100000 + i) + ".parquet";
  file.size = 100 + i;
  file.low = i * 10;
  file.high = i * 10 + 9;
  file.part = "p" + std::to_string(i % 3);
  file.added = added;
  return file;
}

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = OpenFile(folder_.File("a.db"));
    table_ = Value(store_->CreateTable("file:///t", "", std::nullopt)).id;
  }

  void Import(const std::vector<File>& files, std::int64_t version, const std::vector<File>& history = {},
              bool main = true, std::int64_t first = -1) {
    auto session =
        Value(store_->BeginImport(table_, {.first_version = first < 0 ? version : first, .last_version = version, .main = main}));
    Ok(session->AddEntries(AddsOf(files, true), false));
    Ok(session->AddEntries(AddsOf(history, true), true));
    std::vector<CommitRecord> commits;
    for (std::int64_t v = first < 0 ? version : first; v <= version; ++v) {
      CommitRecord record;
      record.version = v;
      record.timestamp_ms = 1000 * v;
      record.num_files = static_cast<std::int64_t>(files.size());
      for (const File& file : files) record.size_bytes += file.size;
      record.num_records = 10 * record.num_files;
      record.is_base = v == first;
      commits.push_back(record);
    }
    Ok(session->Publish(commits, {{1, "", version, "{\"protocol\":1}"}}));
  }

  std::vector<std::string> Paths(const ScanRequest& request) {
    std::vector<std::string> paths;
    for (const auto& [key, file] : ScanFiles(*store_, request)) paths.push_back(file.path);
    return paths;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  std::int64_t table_ = 0;
};

TEST_F(StoreTest, RegistersTables) {
  const TableRecord named = Value(store_->CreateTable("file:///u", "events", 5000));
  EXPECT_EQ(named.head_version, -1);
  EXPECT_EQ(Value(store_->FindTableByName("events"))->id, named.id);
  EXPECT_EQ(Value(store_->FindTableByUri("file:///u"))->keep_ms, 5000);
  EXPECT_FALSE(Value(store_->FindTableByName("nothing")).has_value());
  EXPECT_EQ(Value(store_->ListTables()).size(), 2u);
  EXPECT_EQ(store_->CreateTable("file:///u", "", std::nullopt).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(store_->CreateTable("file:///v", "events", std::nullopt).error().code, ErrorCode::kAlreadyExists);
  Ok(store_->SetTableOptions(named.id, "renamed", 7));
  EXPECT_EQ(Value(store_->FindTableByName("renamed"))->keep_ms, 7);
  EXPECT_EQ(store_->SetTableOptions(table_, "renamed", std::nullopt).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(store_->SetTableOptions(99, "x", std::nullopt).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, ShowsAnImportAtOnceAndNotBefore) {
  auto session = Value(store_->BeginImport(table_, {.first_version = 4, .last_version = 4, .main = true}));
  Ok(session->AddEntries(AddsOf({MakeFile(1)}, true), false));
  EXPECT_EQ(Value(store_->ReadHead(table_))->version, -1);
  EXPECT_FALSE(Value(store_->HasVersion(table_, 4)));
  CommitRecord record;
  record.version = 4;
  record.num_files = 1;
  Ok(session->Publish({record}, {}));
  EXPECT_EQ(Value(store_->ReadHead(table_))->version, 4);
  EXPECT_TRUE(Value(store_->HasVersion(table_, 4)));
  EXPECT_FALSE(Value(store_->HasVersion(table_, 3)));
  EXPECT_EQ(Paths(Alive(table_, 4)), std::vector<std::string>{MakeFile(1).path});
  EXPECT_EQ(store_->Scan(Alive(table_, 3)).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(store_->Scan(Alive(table_, 5)).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(store_->Scan(Alive(99, 4)).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, AnAbandonedImportLeavesNothingToSee) {
  {
    auto session = Value(store_->BeginImport(table_, {.first_version = 1, .last_version = 1, .main = true}));
    Ok(session->AddEntries(AddsOf({MakeFile(1), MakeFile(2)}, true), false));
  }
  Import({MakeFile(3)}, 1);
  EXPECT_EQ(Paths(Alive(table_, 1)), std::vector<std::string>{MakeFile(3).path});
}

TEST_F(StoreTest, TwoImportsOfOneTableEndInOne) {
  auto first = Value(store_->BeginImport(table_, {.first_version = 1, .last_version = 1, .main = true}));
  Ok(first->AddEntries(AddsOf({MakeFile(1)}, true), false));
  Import({MakeFile(2)}, 1);
  CommitRecord record;
  record.version = 1;
  Ok(first->Publish({record}, {}));
  EXPECT_EQ(Paths(Alive(table_, 1)), std::vector<std::string>{MakeFile(2).path});
}

TEST_F(StoreTest, AppliesCommitsWithTheirTotals) {
  Import({MakeFile(1), MakeFile(2), MakeFile(3)}, 0);
  ASSERT_TRUE(Publish(*store_, table_, {Commit(1, {MakeFile(4)}, {MakeFile(2)})}));
  EXPECT_EQ(Paths(Alive(table_, 1)),
            (std::vector<std::string>{MakeFile(1).path, MakeFile(3).path, MakeFile(4).path}));
  EXPECT_EQ(Paths(Alive(table_, 0)),
            (std::vector<std::string>{MakeFile(1).path, MakeFile(2).path, MakeFile(3).path}));
  const auto commits = Value(store_->ReadCommits(table_, 0, 10, 10));
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_EQ(commits[0].version, 1);
  EXPECT_EQ(commits[0].num_files, 3);
  EXPECT_EQ(commits[0].size_bytes, 101 + 103 + 104);
  EXPECT_EQ(commits[0].num_records, 30);
  const Head head = *Value(store_->ReadHead(table_));
  EXPECT_EQ(head.fingerprint, (CommitFingerprint{"etag-1", 8}));
}

TEST_F(StoreTest, RecordCountsComeBackWhenTheFileWithoutOneGoes) {
  Import({MakeFile(1)}, 0);
  File unknown = MakeFile(2);
  unknown.low = unknown.high = std::nullopt;
  Publish(*store_, table_, {Commit(1, {unknown}, {})});
  EXPECT_FALSE(Value(store_->ReadCommits(table_, 1, 1, 1))[0].num_records.has_value());
  Publish(*store_, table_, {Commit(2, {}, {unknown})});
  EXPECT_EQ(Value(store_->ReadCommits(table_, 2, 2, 1))[0].num_records, 10);
}

TEST_F(StoreTest, AReAddReplacesAndKeepsBothPeriods) {
  Import({MakeFile(1)}, 0);
  File again = MakeFile(1);
  again.size = 999;
  again.path = "part-%3100001.parquet";  // its first digit percent-encoded
  Publish(*store_, table_, {Commit(1, {again}, {})});
  const auto now = ScanFiles(*store_, Alive(table_, 1));
  ASSERT_EQ(now.size(), 1u);
  EXPECT_EQ(now.begin()->second.size, 999);
  EXPECT_EQ(now.begin()->second.path, again.path);
  EXPECT_EQ(ScanFiles(*store_, Alive(table_, 0)).begin()->second.size, 101);
}

TEST_F(StoreTest, AHeadThatMovedIsAnOutcome) {
  Import({MakeFile(1)}, 0);
  const Head head = *Value(store_->ReadHead(table_));
  Publish(*store_, table_, {Commit(1, {MakeFile(2)}, {})});
  EXPECT_EQ(store_->PublishCommits(table_, head, {}).error().code, ErrorCode::kInvalidArgument);
  std::vector<CommitDelta> late;
  late.push_back(Commit(1, {MakeFile(3)}, {}));
  EXPECT_FALSE(Value(store_->PublishCommits(table_, head, std::move(late))));
  std::vector<CommitDelta> gap;
  gap.push_back(Commit(3, {MakeFile(3)}, {}));
  EXPECT_EQ(store_->PublishCommits(table_, *Value(store_->ReadHead(table_)), std::move(gap)).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(StoreTest, ReportsChangesWithTheirRemoves) {
  Import({MakeFile(1), MakeFile(2)}, 3);
  Publish(*store_, table_, {Commit(4, {MakeFile(5)}, {MakeFile(1)})});
  Publish(*store_, table_, {Commit(5, {MakeFile(6)}, {MakeFile(5)})});
  ScanRequest request = Alive(table_, 5);
  request.filter = {EntryFilter::Kind::kChangedIn, 5, 3};
  auto changes = ScanFiles(*store_, request);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes.at(MakeFile(1).Key()).removed, 4);
  EXPECT_EQ(changes.at(MakeFile(1).Key()).added, std::nullopt);
  EXPECT_EQ(changes.at(MakeFile(5).Key()).added, 4);
  EXPECT_EQ(changes.at(MakeFile(5).Key()).removed, 5);
  EXPECT_EQ(changes.at(MakeFile(6).Key()).removed, std::nullopt);
  request.filter = {EntryFilter::Kind::kChangedIn, 4, 3};
  EXPECT_EQ(ScanFiles(*store_, request).at(MakeFile(5).Key()).removed, std::nullopt);
  request.filter = {EntryFilter::Kind::kChangedIn, 4, 1};
  EXPECT_EQ(store_->Scan(request).error().code, ErrorCode::kOutOfRange);
  EXPECT_TRUE(Value(store_->Compact(table_, true)));
  request.filter = {EntryFilter::Kind::kChangedIn, 5, 3};
  EXPECT_EQ(ScanFiles(*store_, request), changes);
}

TEST_F(StoreTest, OlderRangesAreFilledIn) {
  Import({MakeFile(1)}, 10);
  File ended = MakeFile(7, 3);
  ended.removed = 5;
  Import({MakeFile(8, 4)}, 6, {ended}, false, 3);
  using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;
  EXPECT_EQ(Value(store_->VersionRanges(table_)), (Ranges{{3, 6}, {10, 10}}));
  EXPECT_EQ(Paths(Alive(table_, 3)), std::vector<std::string>{ended.path});
  EXPECT_EQ(Paths(Alive(table_, 6)), std::vector<std::string>{MakeFile(8).path});
  EXPECT_EQ(Paths(Alive(table_, 10)), std::vector<std::string>{MakeFile(1).path});
  EXPECT_EQ(store_->Scan(Alive(table_, 8)).error().code, ErrorCode::kOutOfRange);
  Publish(*store_, table_, {Commit(11, {MakeFile(2)}, {})});
  EXPECT_EQ(Paths(Alive(table_, 11)).size(), 2u);
}

TEST_F(StoreTest, StateIsTheNewestOfEachKey) {
  Import({MakeFile(1)}, 0);
  CommitDelta commit = Commit(1, {}, {});
  commit.state = {{3, "app", 1, "one"}, {2, "", 1, "meta"}};
  std::vector<CommitDelta> commits;
  commits.push_back(std::move(commit));
  CommitDelta second = Commit(2, {}, {});
  second.state = {{3, "app", 2, "two"}};
  commits.push_back(std::move(second));
  Publish(*store_, table_, std::move(commits));
  const auto old = Value(store_->ReadState(table_, 1));
  ASSERT_EQ(old.size(), 3u);
  EXPECT_EQ(old[2].json, "one");
  const auto now = Value(store_->ReadState(table_, 2));
  EXPECT_EQ(now[2].json, "two");
  EXPECT_EQ(now[2].version, 2);
  EXPECT_EQ(Value(store_->ReadState(table_, 0)).size(), 1u);
}

TEST_F(StoreTest, TombstonesAreTheNewestWord) {
  Import({MakeFile(1), MakeFile(2)}, 0);
  Publish(*store_, table_, {Commit(1, {}, {MakeFile(1), MakeFile(9)})});
  Publish(*store_, table_, {Commit(2, {MakeFile(1)}, {})});
  const auto paths = [&](std::int64_t version) {
    std::set<std::string> found;
    auto stream = Value(store_->ReadTombstones(table_, version));
    while (auto batch = Value(stream->Next())) {
      const ColumnVector* time = batch->Find(ColumnRole::kDeletionTimestamp);
      EXPECT_NE(time, nullptr);
      for (std::size_t row = 0; row < batch->rows; ++row) {
        EXPECT_EQ(time->ints[row], 1000);
        found.insert(std::string(batch->Find(ColumnRole::kPath)->strings[row]));
      }
    }
    return found;
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(paths(0), std::set<std::string>());
    EXPECT_EQ(paths(1), (std::set<std::string>{MakeFile(1).path, MakeFile(9).path}));
    EXPECT_EQ(paths(2), (std::set<std::string>{MakeFile(9).path}));
    EXPECT_EQ(Value(store_->Compact(table_, true)), round == 0);
  }
}

TEST_F(StoreTest, KeepsNoMoreThanItWasTold) {
  Import({MakeFile(1), MakeFile(2)}, 10);
  Import({MakeFile(8)}, 6, {}, false, 3);
  Publish(*store_, table_, {Commit(11, {MakeFile(3)}, {MakeFile(1)})});
  Publish(*store_, table_, {Commit(12, {MakeFile(4)}, {MakeFile(3)})});
  Publish(*store_, table_, {Commit(13, {MakeFile(5)}, {MakeFile(4)})});
  EXPECT_TRUE(Value(store_->Compact(table_, true)));
  const std::int64_t history_bytes = Value(store_->ReadInfo()).history_bytes;
  Ok(store_->SetTableOptions(table_, std::nullopt, 1000));  // the commits are of 1970
  EXPECT_TRUE(Value(store_->Compact(table_, true)));
  using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;
  EXPECT_EQ(Value(store_->VersionRanges(table_)), (Ranges{{13, 13}}));
  EXPECT_EQ(Paths(Alive(table_, 13)), (std::vector<std::string>{MakeFile(2).path, MakeFile(5).path}));
  EXPECT_EQ(store_->Scan(Alive(table_, 12)).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(store_->Scan(Alive(table_, 5)).error().code, ErrorCode::kOutOfRange);
  EXPECT_LE(Value(store_->ReadInfo()).history_bytes, history_bytes);
  EXPECT_FALSE(Value(store_->Compact(table_, true)));
}

TEST_F(StoreTest, PrunesByBlocksAndByEntries) {
  std::vector<File> files;
  for (int i = 0; i < 9000; ++i) files.push_back(MakeFile(i));
  Import(files, 0);
  const expr::SkippingNode predicate = Between(50'003, 50'025);
  ScanCounters counters;
  ScanRequest request = Alive(table_, 0);
  request.predicate = &predicate;
  request.counters = &counters;
  EXPECT_EQ(Paths(request), (std::vector<std::string>{MakeFile(5000).path, MakeFile(5001).path, MakeFile(5002).path}));
  EXPECT_GE(counters.blocks_skipped, 7);
  EXPECT_EQ(Value(store_->Count(request)), 3);
  request.limit = 2;
  EXPECT_EQ(Paths(request).size(), 2u);
  request.predicate = nullptr;
  request.limit = 8999;
  EXPECT_EQ(Paths(request).size(), 8999u);
}

TEST_F(StoreTest, PrunesByPartition) {
  std::vector<File> files;
  for (int i = 0; i < 3000; ++i) files.push_back(MakeFile(i));
  for (File& file : files) file.part = file.size % 5 == 0 ? std::optional<std::string>("") : file.part;
  Import(files, 0);
  const expr::SkippingNode predicate = PartIs("p1");
  ScanRequest request = Alive(table_, 0);
  request.predicate = &predicate;
  std::set<std::string> expected;
  for (const File& file : files) {
    if (file.part == "p1") expected.insert(file.path);
  }
  const auto paths = Paths(request);
  EXPECT_EQ(std::set<std::string>(paths.begin(), paths.end()), expected);
}

TEST_F(StoreTest, AnotherConnectionSeesWhatIsPublished) {
  Import({MakeFile(1)}, 0);
  const auto other = OpenFile(folder_.File("a.db"));
  EXPECT_EQ(ScanFiles(*other, Alive(table_, 0)).size(), 1u);
  Publish(*store_, table_, {Commit(1, {MakeFile(2)}, {})});
  EXPECT_EQ(Value(other->ReadHead(table_))->version, 1);
  EXPECT_EQ(ScanFiles(*other, Alive(table_, 1)).size(), 2u);
  Publish(*other, table_, {Commit(2, {}, {MakeFile(1)})});
  EXPECT_EQ(ScanFiles(*store_, Alive(table_, 2)).size(), 1u);
  EXPECT_TRUE(Value(other->Compact(table_, true)));
  EXPECT_EQ(ScanFiles(*store_, Alive(table_, 2)).size(), 1u);
  EXPECT_EQ(ScanFiles(*store_, Alive(table_, 0)).size(), 1u);
  Publish(*store_, table_, {Commit(3, {MakeFile(4)}, {MakeFile(2)})});
  EXPECT_EQ(ScanFiles(*other, Alive(table_, 3)).begin()->second.path, MakeFile(4).path);
}

TEST_F(StoreTest, ForgetsATableWhole) {
  Import({MakeFile(1)}, 0);
  Ok(store_->ForgetTable(table_));
  EXPECT_FALSE(Value(store_->ReadHead(table_)).has_value());
  EXPECT_EQ(Value(store_->ReadInfo()).tables, 0);
  EXPECT_EQ(Value(store_->ReadInfo()).active_bytes, 0);
  EXPECT_EQ(store_->ForgetTable(table_).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->Count(Alive(table_, 0)).error().code, ErrorCode::kNotFound);
  const TableRecord again = Value(store_->CreateTable("file:///t", "", std::nullopt));
  EXPECT_NE(again.incarnation, table_);
}

TEST_F(StoreTest, ListsColumnsAndReadsWidenedOnes) {
  Import({MakeFile(1)}, 0);
  const auto columns = Value(store_->ListColumns(table_));
  EXPECT_TRUE(std::is_sorted(columns.begin(), columns.end(), columnar::KeyLess));
  EXPECT_NE(std::find(columns.begin(), columns.end(), MinKey()), columns.end());
  ScanRequest request = Alive(table_, 0);
  const types::PrimitiveType decimal{types::TypeKind::kDecimal, 30, 2};
  request.columns = {{ColumnRole::kMin, "id", decimal}, {ColumnRole::kMin, "id", {types::TypeKind::kDate, 0, 0}}};
  const auto batch = Value(Value(store_->Scan(request))->Next());
  EXPECT_EQ(batch->columns[0].values.strings[0], types::EncodeWideDecimal(1000));
  EXPECT_FALSE(batch->columns[1].values.IsValid(0));
}

}  // namespace
}  // namespace levee::store::testing
