#include <gmock/gmock.h>

#include "catalog/catalog_test_bed.h"
#include "catalog/log_times.h"

namespace levee::catalog {
namespace {

using ::testing::HasSubstr;

class TimeTravelTest : public CatalogTestBed {};

// Found by the fuzzer of the C interface: the message about a time told it in microseconds, of which there are too many.
TEST_F(TimeTravelTest, TakesAnyTime) {
  CommitMany(2);
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(Paths({.timestamp_ms = kLatest}), HasSubstr("no version at 9223372036854775807 ms"));
  EXPECT_THAT(Paths({.timestamp_ms = std::numeric_limits<std::int64_t>::min()}), HasSubstr("no version at -9223372036854775808 ms"));
}

TEST_F(TimeTravelTest, ServesEveryVersionOfTheMainRange) {
  CommitMany(3);
  Commit(3, RemoveLine("f1"));
  EXPECT_EQ(Paths(), "f0 f2");
  EXPECT_EQ(Paths({.version = 0}), "f0");
  EXPECT_EQ(Paths({.version = 2}), "f0 f1 f2");
}

TEST_F(TimeTravelTest, VersionsOutsideTheRangeAreRefusedWithIt) {
  CommitMany(3);
  EXPECT_THAT(Paths({.version = 7}), HasSubstr("version"));
  ASSERT_EQ(Paths(), "f0 f1 f2");
  const auto beyond = catalog_->Open(kTable, {.version = 7});
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::kOutOfRange);
  EXPECT_THAT(beyond.error().why, HasSubstr("versions 0 to 2 are"));
  EXPECT_EQ(catalog_->Open(kTable, {.version = -1}).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(catalog_->Open(kTable, {.version = 1, .timestamp_ms = 1}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(TimeTravelTest, FillsVersionsBelowTheFloor) {
  CommitMany(8);
  Checkpoint(5);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7");
  ASSERT_EQ(store_->FindTableByUri("file:///bed/t")->value().floor_version, 5);
  EXPECT_EQ(Paths({.version = 2}), "f0 f1 f2");
  // The span up to the floor came along.
  EXPECT_TRUE(*store_->HasVersion(1, 4));
  EXPECT_EQ(Paths({.version = 4}), "f0 f1 f2 f3 f4");
  EXPECT_EQ(Paths({.version = 5}), "f0 f1 f2 f3 f4 f5");
  EXPECT_EQ(Paths({.version = 6}), "f0 f1 f2 f3 f4 f5 f6");
}

TEST_F(TimeTravelTest, WhatTheLogNoLongerHasIsRefusedWithTheRange) {
  CommitMany(8);
  Checkpoint(5);
  RemoveCommits(0, 3);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7");
  const auto gone = catalog_->Open(kTable, {.version = 4});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kOutOfRange);
  EXPECT_THAT(gone.error().why, HasSubstr("version 4 is not there; versions 5 to 7 are"));
}

TEST_F(TimeTravelTest, BeyondTheHeadTheRangeBeginsWhereTheLogDoes) {
  CommitMany(8);
  Checkpoint(5);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7");
  EXPECT_THAT(Paths({.version = 99}), HasSubstr("version 99 is not there; versions 0 to 7 are"));
}

TEST_F(TimeTravelTest, TheRangeNamesWhatCouldBeFilledIn) {
  CommitMany(9);
  Checkpoint(3);
  Checkpoint(6);
  RemoveCommits(0, 2);
  ASSERT_EQ(Paths({.version = 8}), "f0 f1 f2 f3 f4 f5 f6 f7 f8");
  EXPECT_THAT(Paths({.version = 1}), HasSubstr("versions 3 to 8 are"));
  EXPECT_EQ(Paths({.version = 4}), "f0 f1 f2 f3 f4");
}

// Old versions of another log must not be mixed in.
TEST_F(TimeTravelTest, ARewrittenLogFillsNothingIn) {
  CommitMany(8);
  Checkpoint(5);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7");
  Commit(7, AddLine({.path = "another"}));
  Reopen({.mode = Freshness::Mode::kCached});
  EXPECT_EQ(catalog_->Open(kTable, {.version = 2}).error().code, ErrorCode::kDiverged);
}

TEST_F(TimeTravelTest, TimesChooseTheNewestCommitAtOrBefore) {
  CommitMany(3);
  EXPECT_EQ(Paths({.timestamp_ms = TimeOf(1)}), "f0 f1");
  EXPECT_EQ(Paths({.timestamp_ms = TimeOf(2) - 1}), "f0 f1");
  EXPECT_EQ(Paths({.timestamp_ms = TimeOf(2)}), "f0 f1 f2");
  EXPECT_THAT(Paths({.timestamp_ms = TimeOf(0) - 1}),
              HasSubstr("its commits are from 2001-09-09T01:46:40Z to 2001-09-09T03:46:40Z"));
  const auto late = catalog_->Open(kTable, {.timestamp_ms = TimeOf(2) + 1});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kOutOfRange);
}

TEST_F(TimeTravelTest, TimesBelowTheFloorComeFromTheLog) {
  CommitMany(6);
  Checkpoint(4);
  EXPECT_EQ(Paths({.timestamp_ms = TimeOf(1) + 5}), "f0 f1");
  RemoveCommits(0, 3);
  catalog_->Forget(kTable).value();
  EXPECT_THAT(Paths({.timestamp_ms = TimeOf(1)}), HasSubstr("its commits are from 2001-09-09T05:46:40Z"));
}

TEST_F(TimeTravelTest, FileTimesThatGoBackAreMadeMonotonic) {
  Commit(0, ProtocolLine() + MetadataLine() + AddLine({.path = "f0"}), 5'000);
  Commit(1, AddLine({.path = "f1"}), 4'000);
  Commit(2, AddLine({.path = "f2"}), 9'000);
  EXPECT_EQ(Paths({.timestamp_ms = 5'000}), "f0");
  EXPECT_EQ(Paths({.timestamp_ms = 5'001}), "f0 f1");
  Commit(3, AddLine({.path = "f3"}), 9'000);
  EXPECT_EQ(Paths({.timestamp_ms = 9'000}), "f0 f1 f2");
  EXPECT_EQ(Paths({.timestamp_ms = 9'001}), "f0 f1 f2 f3");
}

TEST_F(TimeTravelTest, InCommitTimesHoldFromTheirEnablementOn) {
  const std::string enabled =
      R"("delta.enableInCommitTimestamps":"true","delta.inCommitTimestampEnablementVersion":"2")";
  Commit(0, ProtocolLine() + MetadataLine() + AddLine({.path = "f0"}), 1'000);
  Commit(1, AddLine({.path = "f1"}), 90'000);  // copied later
  Commit(2, InfoLine(R"("inCommitTimestamp":50000)") + MetadataLine(enabled) + AddLine({.path = "f2"}), 95'000);
  Commit(3, InfoLine(R"("inCommitTimestamp":60000)") + AddLine({.path = "f3"}), 96'000);
  EXPECT_EQ(Paths({.timestamp_ms = 49'999}), "f0");
  EXPECT_EQ(Paths({.timestamp_ms = 50'000}), "f0 f1 f2");
  EXPECT_EQ(Paths({.timestamp_ms = 60'000}), "f0 f1 f2 f3");
  EXPECT_THAT(Paths({.timestamp_ms = 60'001}), HasSubstr("no version at"));
}

// The search in the store against the rule over all times.
TEST_F(TimeTravelTest, EachTimeFindsWhatAllTimesTell) {
  constexpr std::int64_t kEnabled = 120, kCommits = 240;
  const std::string enabled =
      R"("delta.enableInCommitTimestamps":"true","delta.inCommitTimestampEnablementVersion":"120")";
  std::vector<CommitTime> times;
  std::uint64_t random = 5;
  const auto below = [&](std::uint64_t limit) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int64_t>((random >> 33) % limit);
  };
  for (std::int64_t version = 0; version < kCommits; ++version) {
    const std::int64_t file_ms = 100'000 + version * 100 + below(2000) - 1000;
    const std::int64_t in_commit_ms = 90'000 + version * 100 + below(99);
    std::string lines = version == 0 ? ProtocolLine() + MetadataLine() : std::string();
    if (version >= kEnabled) lines += InfoLine("\"inCommitTimestamp\":" + std::to_string(in_commit_ms));
    if (version == kEnabled) lines += MetadataLine(enabled);
    Commit(version, lines + AddLine({.path = "f" + std::to_string(version)}), file_ms);
    times.push_back({version, version >= kEnabled ? in_commit_ms : file_ms});
    if (version == kCommits / 3) {
      ASSERT_TRUE(catalog_->Sync(kTable, {}, false));  // the rest follows
    }
  }
  MakeMonotonic(times, kEnabled);
  for (int i = 0; i < 500; ++i) {
    const std::int64_t time = 98'000 + below(18'000);
    const auto expected = NewestAtOrBefore(times, time);
    const auto view = catalog_->Open(kTable, {.timestamp_ms = time});
    if (!expected || time > times.back().timestamp_ms) {
      EXPECT_FALSE(view) << time;
    } else {
      ASSERT_TRUE(view) << time << ": " << view.error().ToString();
      EXPECT_EQ((*view)->state().version, *expected) << time;
    }
  }
}

TEST(LogTimesTest, MonotonicTimesStopAtTheEnablementVersion) {
  std::vector<CommitTime> times{{0, 10}, {1, 10}, {2, 5}, {3, 4}, {4, 20}};
  MakeMonotonic(times, 3);
  EXPECT_EQ(times[1].timestamp_ms, 11);
  EXPECT_EQ(times[2].timestamp_ms, 12);
  EXPECT_EQ(times[3].timestamp_ms, 4);
  EXPECT_EQ(NewestAtOrBefore(times, 11), 3);
  EXPECT_EQ(NewestAtOrBefore(times, 3), std::nullopt);
}

}  // namespace
}  // namespace levee::catalog
