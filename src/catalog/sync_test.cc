#include <gmock/gmock.h>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

using ::testing::HasSubstr;

class SyncTest : public CatalogTestBed {};

TEST_F(SyncTest, ImportsOnFirstUseAndSyncsWhatLands) {
  CommitMany(2);
  EXPECT_EQ(Paths(), "f0 f1");
  CommitFile(2);
  Commit(3, RemoveLine("f0"));
  EXPECT_EQ(Paths(), "f1 f2");
  const auto view = catalog_->Open(kTable, {});
  ASSERT_TRUE(view);
  EXPECT_EQ((*view)->state().version, 3);
  EXPECT_EQ((*view)->state().commit.num_files, 2);
  EXPECT_EQ((*view)->state().commit.files_removed, 1);
  EXPECT_EQ((*view)->state().commit.num_records, 20);
}

TEST_F(SyncTest, ReportsWhatItDid) {
  CommitMany(3);
  const auto first = catalog_->Sync(kTable, 1, false);
  ASSERT_TRUE(first) << first.error().ToString();
  EXPECT_TRUE(first->imported);
  EXPECT_EQ(first->to_version, 1);
  EXPECT_EQ(first->files, 2);
  EXPECT_FALSE(first->from_version);
  const auto second = catalog_->Sync(kTable, {}, false);
  ASSERT_TRUE(second) << second.error().ToString();
  EXPECT_FALSE(second->imported);
  EXPECT_EQ(second->from_version, 1);
  EXPECT_EQ(second->to_version, 2);
  EXPECT_EQ(second->commits, 1);
  EXPECT_EQ(second->files, 3);
}

TEST_F(SyncTest, AFirstImportListsTheLogOnce) {
  CommitMany(3);
  ASSERT_TRUE(catalog_->Sync(kTable, {}, false));
  EXPECT_EQ(log_.calls(fakes::Operation::kList), 1);
}

TEST_F(SyncTest, StopsAtTheVersionThatWasAsked) {
  CommitMany(6);
  ASSERT_TRUE(catalog_->Sync(kTable, 1, false));
  const auto synced = catalog_->Sync(kTable, 3, false);
  ASSERT_TRUE(synced) << synced.error().ToString();
  EXPECT_EQ(synced->to_version, 3);
  const auto beyond = catalog_->Sync(kTable, 9, false);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::kOutOfRange);
  EXPECT_THAT(beyond.error().why, HasSubstr("the newest is 5"));
}

TEST_F(SyncTest, DryRunsChangeNothing) {
  CommitMany(2);
  const auto planned = catalog_->Sync(kTable, {}, true);
  ASSERT_TRUE(planned) << planned.error().ToString();
  EXPECT_TRUE(planned->imported);
  EXPECT_EQ(planned->commits, 2);
  EXPECT_EQ(planned->files, -1);
  EXPECT_TRUE(catalog_->Tables()->empty());
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  CommitFile(2);
  const auto increment = catalog_->Add(kTable, {.dry_run = true});
  ASSERT_TRUE(increment);
  EXPECT_EQ(increment->from_version, 1);
  EXPECT_EQ(increment->to_version, 2);
  EXPECT_EQ(increment->commits, 1);
  EXPECT_EQ(catalog_->Tables()->front().first.head_version, 1);
}

TEST_F(SyncTest, AddIsIdempotentAndRenames) {
  CommitMany(1);
  ASSERT_TRUE(catalog_->Add(kTable, {.name = "sales"}));
  CommitFile(1);
  const auto again = catalog_->Add(kTable, {.name = "events", .keep_ms = 5000});
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->commits, 1);
  EXPECT_EQ(again->name, "events");
  const auto tables = catalog_->Tables();
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 1u);
  EXPECT_EQ(tables->front().first.name, "events");
  EXPECT_EQ(tables->front().first.keep_ms, 5000);
  EXPECT_EQ(tables->front().second.num_files, 2);
  EXPECT_TRUE(catalog_->Open("events", {}));
}

TEST_F(SyncTest, ANameThatIsTakenIsRefused) {
  CommitMany(1);
  ASSERT_TRUE(catalog_->Add("/bed/a", {.name = "sales"}));
  const auto taken = catalog_->Add("/bed/b", {.name = "sales"});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(SyncTest, NoLogIsNoTableAndLeavesNothing) {
  const auto added = catalog_->Add(kTable, {});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kNotATable);
  EXPECT_TRUE(store_->ListTables()->empty());
  EXPECT_EQ(catalog_->Open("", {}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(SyncTest, ForgetsAndChecksOnlyWhatIsThere) {
  CommitMany(1);
  EXPECT_EQ(catalog_->Forget(kTable).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(catalog_->Check(kTable).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  EXPECT_TRUE(catalog_->Forget(kTable));
  EXPECT_TRUE(catalog_->Tables()->empty());
}

// A table that another process forgot and added again is another one.
TEST_F(SyncTest, NoticesThatATableWasAddedAgain) {
  CommitMany(2);
  EXPECT_EQ(Paths(), "f0 f1");
  const auto record = store_->FindTableByUri("file:///bed/t");
  ASSERT_TRUE(record && *record);
  ASSERT_TRUE(store_->ForgetTable((*record)->id));
  Commit(0, ProtocolLine() + MetadataLine() + AddLine({.path = "other"}));
  RemoveCommits(1, 1);
  EXPECT_EQ(Paths(), "other");
}

TEST_F(SyncTest, MetadataHoldsForTheAddsOfItsOwnCommit) {
  CommitMany(1);
  EXPECT_EQ(Paths(), "f0");
  constexpr char kWider[] =
      R"({\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},)"
      R"({\"name\":\"Region\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},)"
      R"({\"name\":\"price\",\"type\":\"double\",\"nullable\":true,\"metadata\":{}}]})";
  Commit(1, R"({"add":{"path":"g","partitionValues":{"Region":"us"},"size":1,"modificationTime":1,"dataChange":true,)"
            R"("stats":"{\"numRecords\":1,\"minValues\":{\"price\":2.5},\"maxValues\":{\"price\":3.5}}"}})"
            "\n" + MetadataLine("", kWider));
  EXPECT_EQ(Paths({}, {.where = "price > 4"}), "f0");
  EXPECT_EQ(Paths({}, {.where = "price > 3"}), "f0 g");
}

TEST_F(SyncTest, CompactsALongTail) {
  CommitMany(1);
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  const std::int64_t before = store_->ReadHead(1)->value().layout_generation;
  for (std::int64_t version = 1; version < 80; ++version) {
    CommitFile(version);
    ASSERT_TRUE(catalog_->Sync(kTable, {}, false));
  }
  EXPECT_GT(store_->ReadHead(1)->value().layout_generation, before);
  EXPECT_EQ(Paths({}, {.where = "id = 795"}), "f79");
  EXPECT_EQ(Paths({.version = 3}), "f0 f1 f2 f3");
}

TEST_F(SyncTest, AGapIsReported) {
  CommitMany(2);
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  CommitFile(2);
  CommitFile(4);
  const auto synced = catalog_->Sync(kTable, {}, false);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(synced.error().why, HasSubstr("commit 3 is missing"));
  EXPECT_EQ(store_->ReadHead(1)->value().version, 2);
}

TEST_F(SyncTest, AnUnreadableCommitKeepsWhatIsBefore) {
  CommitMany(2);
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  CommitFile(2);
  Commit(3, ProtocolLine(3, "\"teleportation\""));
  CommitFile(4);
  const auto synced = catalog_->Sync(kTable, {}, false);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(synced.error().ToString(), HasSubstr("teleportation"));
  EXPECT_EQ(store_->ReadHead(1)->value().version, 2);
  EXPECT_THAT(Paths(), HasSubstr("teleportation"));
  EXPECT_EQ(Paths({.version = 2}), "f0 f1 f2");
  EXPECT_THAT(Paths({.version = 4}), HasSubstr("teleportation"));
  EXPECT_EQ(Paths({.timestamp_ms = TimeOf(1)}), "f0 f1");
}

TEST_F(SyncTest, ATornCommitKeepsWhatIsBefore) {
  CommitMany(2);
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  CommitFile(2);
  Commit(3, R"({"add":{"path":"x)");
  EXPECT_EQ(catalog_->Sync(kTable, {}, false).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Paths({.version = 2}), "f0 f1 f2");
}

TEST_F(SyncTest, AnOlderVersionIsImportedWhenTheNewestCannotBeRead) {
  CommitMany(2);
  Commit(2, ProtocolLine(3, "\"teleportation\""));
  EXPECT_THAT(Paths(), HasSubstr("teleportation"));
  EXPECT_TRUE(catalog_->Tables()->empty());
  EXPECT_EQ(Paths({.version = 1}), "f0 f1");
  EXPECT_EQ(Paths({.version = 1}), "f0 f1");
  EXPECT_THAT(Paths(), HasSubstr("teleportation"));
}

// The store ends at version 1; commits that came then were cleaned up.
class BeyondGapTest : public CatalogTestBed {
 protected:
  void SetUp() override {
    CatalogTestBed::SetUp();
    CommitMany(2);
    ASSERT_TRUE(catalog_->Add(kTable, {}));
  }
  void TornCheckpoint(std::int64_t version) {
    std::string path = delta::CommitPath(version);
    path.resize(path.size() - 4);
    log_.Put(path + "checkpoint.parquet", "torn");
  }
  std::int64_t Head() { return store_->ReadHead(1)->value().version; }
};

TEST_F(BeyondGapTest, ATornNewestCheckpointIsPassedByForAnOlderOne) {
  CommitMany(12);
  Checkpoint(4);
  TornCheckpoint(8);
  RemoveCommits(0, 4);
  EXPECT_EQ(Paths(), "f0 f1 f10 f11 f2 f3 f4 f5 f6 f7 f8 f9");
  EXPECT_THAT(notes_, testing::Contains(HasSubstr("checkpoint.parquet cannot be read")));
  EXPECT_EQ(Paths({.version = 1}), "f0 f1");
  EXPECT_EQ(Paths({.version = 6}), "f0 f1 f2 f3 f4 f5 f6");
  EXPECT_EQ(catalog_->Check(kTable)->status, CheckReport::Status::kEqual);
}

// The torn checkpoint hides what is behind it, not what is before it.
TEST_F(BeyondGapTest, WhatATornCheckpointDoesNotCutOffIsReached) {
  CommitMany(12);
  Checkpoint(4);
  TornCheckpoint(8);
  RemoveCommits(0, 4);
  RemoveCommits(6, 8);
  const auto synced = catalog_->Sync(kTable, {}, false);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(synced.error().ToString(), HasSubstr("it is no Parquet file"));
  EXPECT_THAT(notes_, testing::Contains(HasSubstr("synced to version 5")));
  EXPECT_EQ(Head(), 5);
  RemoveCommits(5, 5);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Paths({.version = 5}), "f0 f1 f2 f3 f4 f5");
    EXPECT_EQ(Paths({.version = 0}), "f0");
    EXPECT_THAT(Paths(), HasSubstr("it is no Parquet file"));
    EXPECT_THAT(Paths({.version = 9}), HasSubstr("it is no Parquet file"));
  }
  // Once the writer made another checkpoint, everything goes on.
  Checkpoint(10);
  EXPECT_EQ(Paths(), "f0 f1 f10 f11 f2 f3 f4 f5 f6 f7 f8 f9");
  EXPECT_EQ(Paths({.version = 5}), "f0 f1 f2 f3 f4 f5");
}

TEST_F(BeyondGapTest, ATornCommitBehindTheCheckpointKeepsWhatIsBefore) {
  CommitMany(8);
  Checkpoint(4);
  RemoveCommits(0, 4);
  Commit(6, R"({"add":{"path":"x)");
  EXPECT_EQ(catalog_->Sync(kTable, {}, false).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Head(), 5);
  EXPECT_EQ(Paths({.version = 5}), "f0 f1 f2 f3 f4 f5");
}

TEST_F(BeyondGapTest, WithNoBaseLeftTheStoreKeepsAnswering) {
  CommitMany(8);
  TornCheckpoint(4);
  RemoveCommits(0, 3);
  const auto synced = catalog_->Sync(kTable, {}, false);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(synced.error().ToString(), HasSubstr("it is no Parquet file"));
  EXPECT_EQ(Head(), 1);
  EXPECT_EQ(Paths({.version = 1}), "f0 f1");
  EXPECT_THAT(Paths(), HasSubstr("it is no Parquet file"));
}

// Not what clean-up does, but what a reader of the log alone would pass over.
TEST_F(BeyondGapTest, AGapBelowACheckpointIsPassedOver) {
  CommitMany(9);
  Checkpoint(6);
  log_.Remove(delta::CommitPath(4));
  const auto synced = catalog_->Sync(kTable, {}, false);
  ASSERT_TRUE(synced) << synced.error().ToString();
  EXPECT_EQ(synced->to_version, 8);
  EXPECT_TRUE(synced->imported);
  EXPECT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7 f8");
  EXPECT_EQ(Paths({.version = 3}), "f0 f1 f2 f3");
}

// A checkpoint that can be read, but has no metaData: a new store would refuse its version.
class BrokenBaseTest : public CatalogTestBed {
 protected:
  void CheckpointWithoutMetadata(std::int64_t version) {
    std::string path = delta::CommitPath(version);
    path.resize(path.size() - 4);
    log_.Put(path + "checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
             R"({"checkpointMetadata":{"version":)" + std::to_string(version) + "}}\n" + ProtocolLine() +
                 AddLine({.path = "f0"}));
  }
};

TEST_F(BrokenBaseTest, IsRefusedInWhateverOrderVersionsAreAsked) {
  CommitMany(6);
  CheckpointWithoutMetadata(3);
  EXPECT_EQ(Paths({.version = 0}), "f0");
  EXPECT_EQ(Paths({.version = 1}), "f0 f1");
  EXPECT_EQ(Paths({.version = 2}), "f0 f1 f2");
  for (const std::int64_t version : {3, 4, 3}) {
    EXPECT_THAT(Paths({.version = version}), HasSubstr("version 3 has no metaData action"));
  }
  EXPECT_THAT(Paths(), HasSubstr("version 3 has no metaData action"));
  EXPECT_EQ(catalog_->Sync(kTable, {}, false).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(catalog_->Tables()->front().first.head_version, 2);
}

// One commit is left, and it has been there since before the last sync.
TEST_F(BrokenBaseTest, IsRefusedWhenItsCommitIsTheOnlyNewOne) {
  CommitMany(3);
  CheckpointWithoutMetadata(2);
  ASSERT_TRUE(catalog_->Add(kTable, {.to_version = 1}));
  EXPECT_THAT(Paths(), HasSubstr("version 2 has no metaData action"));
  EXPECT_EQ(Paths({.version = 1}), "f0 f1");
}

TEST_F(BrokenBaseTest, OneThatCannotBeReadIsPassedBy) {
  CommitMany(2);
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  CommitFile(2);
  CommitFile(3);
  std::string path = delta::CommitPath(3);
  path.resize(path.size() - 4);
  log_.Put(path + "checkpoint.parquet", "torn");
  EXPECT_EQ(Paths(), "f0 f1 f2 f3");
}

TEST_F(BrokenBaseTest, ACommitThatJustLandedCostsNoListing) {
  CommitMany(1);
  ASSERT_TRUE(catalog_->Add(kTable, {}));
  const std::int64_t later_ms = store_->ReadHead(1)->value().last_sync_ms + 1;
  Commit(1, AddLine({.path = "f1"}), later_ms);
  const int lists = log_.calls(fakes::Operation::kList);
  EXPECT_EQ(Paths(), "f0 f1");
  EXPECT_EQ(log_.calls(fakes::Operation::kList), lists);
}

}  // namespace
}  // namespace levee::catalog
