// What every store must do for a repair: exchange a damaged range, or part of it, in one step.
#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

File MakeFile(int i) {
  File file;
  file.path = "part-" + std::to_string(i) + ".parquet";
  file.size = 100 + i;
  file.low = i * 10;
  file.high = i * 10 + 9;
  file.part = "p" + std::to_string(i % 3);
  return file;
}

class StoreRepairTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = OpenFile(folder_.File("a.db"));
    table_ = Value(store_->CreateTable("file:///t", "named", std::nullopt)).id;
  }

  // A session with the given files, alive in all of [first, last].
  std::unique_ptr<ImportSession> Stage(int files, VersionInterval versions, bool main = true,
                                       std::optional<RangeDamage> replaces = std::nullopt) {
    auto session = Value(store_->BeginImport(
        table_, {.first_version = versions.first, .last_version = versions.second, .main = main, .replaces = std::move(replaces)}));
    std::vector<File> list;
    for (int i = 0; i < files; ++i) list.push_back(MakeFile(i));
    Ok(session->AddEntries(AddsOf(list, true), false));
    return session;
  }
  static std::vector<CommitRecord> Commits(int files, VersionInterval versions) {
    std::vector<CommitRecord> commits;
    for (std::int64_t version = versions.first; version <= versions.second; ++version) {
      commits.push_back({.version = version, .timestamp_ms = 1000 * version, .num_files = files});
    }
    return commits;
  }
  void Import(int files, VersionInterval versions, bool main = true, std::optional<RangeDamage> replaces = std::nullopt) {
    Ok(Stage(files, versions, main, std::move(replaces))->Publish(Commits(files, versions), {}));
  }
  std::int64_t FilesAt(std::int64_t version) { return Value(store_->Count(Alive(table_, version))); }
  TableDamage Examined() { return Value(store_->Examine(table_)); }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  std::int64_t table_ = 0;
};

TEST_F(StoreRepairTest, FindsNothingWhereNothingIs) {
  EXPECT_TRUE(Examined().sound());  // never imported
  EXPECT_TRUE(Examined().ranges.empty());
  Import(5, {10, 12});
  Import(3, {4, 9}, false);
  const TableDamage damage = Examined();
  EXPECT_TRUE(damage.sound());
  ASSERT_EQ(damage.ranges.size(), 2u);
  EXPECT_TRUE(damage.ranges[0].main);
  EXPECT_EQ(damage.ranges[0].readable, (std::vector<VersionInterval>{{10, 12}}));
  EXPECT_EQ(damage.ranges[1].readable, (std::vector<VersionInterval>{{4, 9}}));
  EXPECT_EQ(store_->Examine(table_ + 1).error().code, ErrorCode::kNotFound);
  const Head before = *Value(store_->ReadHead(table_));
  Ok(store_->MendRecord(table_));
  EXPECT_EQ(*Value(store_->ReadHead(table_)), before);
}

TEST_F(StoreRepairTest, ExchangesARangeAndKeepsWhatIsSoundBelow) {
  Import(5, {0, 20});
  RangeDamage damage = Examined().ranges.at(0);
  damage.data = {"something"};
  damage.readable = {{0, 2}, {5, 14}, {16, 20}};
  const std::int64_t generation = Value(store_->ReadHead(table_))->layout_generation;
  Import(7, {12, 20}, true, damage);
  const Head head = *Value(store_->ReadHead(table_));
  EXPECT_EQ(head.version, 20);
  EXPECT_GT(head.layout_generation, generation);
  EXPECT_EQ(FilesAt(12), 7);
  EXPECT_EQ(FilesAt(20), 7);
  EXPECT_EQ(FilesAt(11), 5);  // of the longest span
  EXPECT_EQ(FilesAt(5), 5);
  for (const std::int64_t gone : {0, 2, 4}) EXPECT_FALSE(Value(store_->HasVersion(table_, gone))) << gone;
  EXPECT_TRUE(Examined().sound());
  EXPECT_EQ(Value(store_->ReadCommits(table_, 20, 20, 1)).at(0).num_files, 7);
  EXPECT_EQ(Value(store_->ReadCommits(table_, 11, 11, 1)).at(0).num_files, 5);
}

TEST_F(StoreRepairTest, AnExchangeIsCalledOffWhereTheHeadMoved) {
  Import(5, {0, 3});
  RangeDamage damage = Examined().ranges.at(0);
  damage.data = {"something"};
  const auto session = Stage(7, {0, 3}, true, damage);
  std::vector<CommitDelta> commits;
  commits.push_back(Commit(4, {MakeFile(100)}, {}));
  ASSERT_TRUE(Publish(*store_, table_, std::move(commits)));
  Ok(session->Publish(Commits(7, {0, 3}), {}));
  EXPECT_EQ(Value(store_->ReadHead(table_))->version, 4);
  EXPECT_EQ(FilesAt(3), 5);
  EXPECT_EQ(FilesAt(4), 6);
  EXPECT_TRUE(Examined().sound());
}

TEST_F(StoreRepairTest, CutsAnOlderRange) {
  Import(5, {10, 12});
  Import(3, {0, 9}, false);
  RangeDamage damage = Examined().ranges.at(1);
  EXPECT_TRUE(Value(store_->CutRange(table_, damage, {3, 6})));
  EXPECT_FALSE(Value(store_->CutRange(table_, damage, {3, 6})));  // no longer what was examined
  EXPECT_FALSE(Value(store_->HasVersion(table_, 2)));
  EXPECT_EQ(FilesAt(3), 3);
  EXPECT_EQ(FilesAt(6), 3);
  EXPECT_FALSE(Value(store_->HasVersion(table_, 7)));
  damage = Examined().ranges.at(1);
  EXPECT_TRUE(Value(store_->CutRange(table_, damage, {1, 0})));
  EXPECT_EQ(Examined().ranges.size(), 1u);
  EXPECT_EQ(FilesAt(12), 5);
}

TEST_F(StoreRepairTest, AnEmptiedTableKeepsItsNameAndTakesAnotherImport) {
  Import(5, {10, 12});
  Import(3, {0, 9}, false);
  Ok(store_->EmptyTable(table_));
  EXPECT_EQ(Value(store_->ReadHead(table_))->version, -1);
  EXPECT_TRUE(Value(store_->VersionRanges(table_)).empty());
  EXPECT_TRUE(Value(store_->ReadCommits(table_, 0, 100, 100)).empty());
  EXPECT_EQ(Value(store_->FindTableByName("named"))->id, table_);
  EXPECT_TRUE(Examined().sound());
  Import(2, {11, 13});
  EXPECT_EQ(FilesAt(13), 2);
  EXPECT_EQ(store_->EmptyTable(table_ + 1).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace levee::store::testing
