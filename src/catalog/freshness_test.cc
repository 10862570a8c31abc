#include <gmock/gmock.h>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

using fakes::Operation;
using ::testing::HasSubstr;

class FreshnessTest : public CatalogTestBed {
 protected:
  std::int64_t Requests() {
    return log_.calls(Operation::kList) + log_.calls(Operation::kStat) + log_.calls(Operation::kRead);
  }
};

TEST_F(FreshnessTest, AFreshAnswerCostsTwoRequests) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  const int stats = log_.calls(Operation::kStat);
  const std::int64_t all = Requests();
  EXPECT_EQ(Paths(), "f0 f1");
  EXPECT_EQ(log_.calls(Operation::kStat), stats + 2);
  EXPECT_EQ(Requests(), all + 2);
}

TEST_F(FreshnessTest, AFreshAnswerCostsOneListWhereListsBeginAtAName) {
  log_.set_page(1'000);
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  log_.Put("_delta_log/00000000000000000001.crc", "{}");
  log_.Put("_delta_log/_last_checkpoint", "{}");
  const int lists = log_.calls(Operation::kList);
  const std::int64_t all = Requests();
  EXPECT_EQ(Paths(), "f0 f1");
  EXPECT_EQ(log_.calls(Operation::kList), lists + 1);
  EXPECT_EQ(Requests(), all + 1);
  CommitFile(2);
  CommitFile(3);
  const std::int64_t before = Requests();
  EXPECT_EQ(Paths(), "f0 f1 f2 f3");
  EXPECT_EQ(Requests(), before + 4);  // two lists, two reads
  Commit(3, AddLine({.path = "another"}));
  EXPECT_EQ(catalog_->Open(kTable, {}).error().code, ErrorCode::kDiverged);
}

// Parts of a checkpoint stand before the commit of their version, and fill the page.
TEST_F(FreshnessTest, ANextCommitBeyondThePageIsFound) {
  log_.set_page(3);
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  for (const char* const part : {"1", "2", "3"}) {
    log_.Put(std::string("_delta_log/00000000000000000002.checkpoint.000000000") + part + ".0000000009.parquet", "");
  }
  EXPECT_EQ(Paths(), "f0 f1");
  CommitFile(2);
  EXPECT_EQ(Paths(), "f0 f1 f2");
}

TEST_F(FreshnessTest, AServerThatListsFromTheStartIsUnderstood) {
  log_.set_page(3);
  log_.set_lists_from_the_start();
  CommitMany(9);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7 f8");
  EXPECT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7 f8");
  CommitFile(9);
  EXPECT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7 f8 f9");
}

TEST_F(FreshnessTest, CachedNeverAsks) {
  CommitMany(1);
  ASSERT_EQ(Paths(), "f0");
  CommitFile(1);
  Reopen({.mode = Freshness::Mode::kCached});
  clock_.now_micros = store_->ReadHead(1)->value().last_sync_ms * 1000 + 3'400'000;
  const std::int64_t before = Requests();
  EXPECT_EQ(Paths(), "f0");
  EXPECT_EQ(Requests(), before);
  ASSERT_EQ(notes_.size(), 1u);
  EXPECT_THAT(notes_[0], HasSubstr("may be 3.4 s behind"));
}

TEST_F(FreshnessTest, BoundedAsksOnceInItsTime) {
  CommitMany(1);
  ASSERT_EQ(Paths(), "f0");
  Reopen({.mode = Freshness::Mode::kBounded, .bound_ms = 5'000});
  clock_.now_micros = store_->ReadHead(1)->value().last_sync_ms * 1000;
  CommitFile(1);
  clock_.Advance(4'999);
  EXPECT_EQ(Paths(), "f0");
  clock_.Advance(1);
  EXPECT_EQ(Paths(), "f0 f1");
}

TEST_F(FreshnessTest, BoundedRemembersThatNothingWasNew) {
  CommitMany(1);
  ASSERT_EQ(Paths(), "f0");
  Reopen({.mode = Freshness::Mode::kBounded, .bound_ms = 5'000});
  clock_.now_micros = store_->ReadHead(1)->value().last_sync_ms * 1000;
  clock_.Advance(6'000);
  EXPECT_EQ(Paths(), "f0");
  const std::int64_t before = Requests();
  clock_.Advance(4'000);
  EXPECT_EQ(Paths(), "f0");
  EXPECT_EQ(Requests(), before);
}

TEST_F(FreshnessTest, ARewrittenLogIsRefusedByEveryReader) {
  CommitMany(3);
  ASSERT_EQ(Paths(), "f0 f1 f2");
  Commit(2, AddLine({.path = "another"}));
  const auto opened = catalog_->Open(kTable, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kDiverged);
  EXPECT_THAT(opened.error().why, HasSubstr("rewritten below version 3"));
  EXPECT_THAT(opened.error().hint, HasSubstr("levee forget file:///bed/t, then levee add"));
  EXPECT_EQ(catalog_->Open(kTable, {.version = 0}).error().code, ErrorCode::kDiverged);
  EXPECT_EQ(catalog_->Sync(kTable, {}, false).error().code, ErrorCode::kDiverged);
  CommitFile(3);
  EXPECT_EQ(catalog_->Sync(kTable, {}, false).error().code, ErrorCode::kDiverged);
  const auto check = catalog_->Check(kTable);
  ASSERT_TRUE(check) << check.error().ToString();
  EXPECT_EQ(check->status, CheckReport::Status::kDiverged);
}

// A log that was made anew, shorter than the store's.
TEST_F(FreshnessTest, AShorterLogIsRefused) {
  CommitMany(4);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3");
  RemoveCommits(2, 3);
  EXPECT_EQ(catalog_->Open(kTable, {}).error().code, ErrorCode::kDiverged);
  const auto check = catalog_->Check(kTable);
  ASSERT_TRUE(check);
  EXPECT_EQ(check->status, CheckReport::Status::kDiverged);
  EXPECT_EQ(check->log_version, 1);
}

TEST_F(FreshnessTest, ALogThatIsGoneSaysSo) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  RemoveCommits(0, 1);
  const auto opened = catalog_->Open(kTable, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kNotATable);
  EXPECT_THAT(opened.error().why, HasSubstr("its log is gone: there is no _delta_log at file:///bed/t any"));
  EXPECT_EQ(catalog_->Sync(kTable, {}, false).error().code, ErrorCode::kNotATable);
  EXPECT_EQ(catalog_->Check(kTable).error().code, ErrorCode::kNotATable);
  Reopen({.mode = Freshness::Mode::kCached});
  EXPECT_EQ(Paths(), "f0 f1");
}

TEST_F(FreshnessTest, ACopyOfTheSameLogIsTheSame) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  const std::string before = store_->ReadHead(1)->value().fingerprint.etag;
  Commit(1, *log_.Read(delta::CommitPath(1)), 777);
  EXPECT_EQ(Paths(), "f0 f1");
  EXPECT_NE(store_->ReadHead(1)->value().fingerprint.etag, before);
  const int reads = log_.calls(Operation::kRead);
  EXPECT_EQ(Paths(), "f0 f1");
  EXPECT_EQ(log_.calls(Operation::kRead), reads);
}

TEST_F(FreshnessTest, ACleanedUpHeadWithItsCheckpointIsCurrent) {
  CommitMany(4);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3");
  Checkpoint(3);
  RemoveCommits(0, 3);
  EXPECT_EQ(Paths(), "f0 f1 f2 f3");
  CommitFile(4);
  EXPECT_EQ(Paths(), "f0 f1 f2 f3 f4");
}

// Commit V+1 is absent, yet newer versions are there behind a checkpoint.
TEST_F(FreshnessTest, ACleanUpBeyondTheHeadIsNoticed) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  CommitMany(8);
  Checkpoint(6);
  RemoveCommits(0, 5);
  const std::string paths = Paths();
  // A store that can start a second main range serves version 7; else the table must be added again.
  if (paths.starts_with("f0")) {
    EXPECT_EQ(paths, "f0 f1 f2 f3 f4 f5 f6 f7");
  } else {
    EXPECT_THAT(paths, HasSubstr("cleaned up beyond version 1"));
    EXPECT_EQ(catalog_->Open(kTable, {}).error().code, ErrorCode::kDiverged);
  }
}

}  // namespace
}  // namespace levee::catalog
