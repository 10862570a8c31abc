#include "delta/log_listing.h"

#include <gtest/gtest.h>

#include "delta/log_names.h"
#include "tests/fakes/memory_object_store.h"

namespace levee::delta {
namespace {

constexpr char kUuid[] = "80a083e8-7026-4e79-81be-64bd76c43a11";

std::string Commit(std::int64_t version) { return VersionText(version) + ".json"; }
std::string Classic(std::int64_t version) { return VersionText(version) + ".checkpoint.parquet"; }
std::string Part(std::int64_t version, const char* part, const char* parts) {
  return VersionText(version) + ".checkpoint." + part + "." + parts + ".parquet";
}
std::string Compacted(std::int64_t first, std::int64_t last) {
  return VersionText(first) + "." + VersionText(last) + ".compacted.json";
}

LogListing ListingOf(const std::vector<std::string>& names, std::int64_t first_version = 0) {
  fakes::MemoryObjectStore store;
  for (const std::string& name : names) store.Put("_delta_log/" + name, "x");
  return *ListLog(store, first_version);
}

std::string PlanText(const Result<ReplayPlan>& plan) {
  if (!plan) return "error: " + plan.error().why;
  std::string text = plan->checkpoint ? "checkpoint " + std::to_string(plan->checkpoint->version) : "start";
  for (const CommitFile& file : plan->commits) text += " " + std::to_string(file.version);
  for (const CompactedFile& file : plan->compacted) {
    text += " [" + std::to_string(file.first_version) + "-" + std::to_string(file.last_version) + "]";
  }
  return text;
}

TEST(LogNamesTest, KnowsEveryKind) {
  EXPECT_EQ(ParseLogFileName(Commit(42))->kind, LogFileKind::kCommit);
  EXPECT_EQ(ParseLogFileName(Commit(42))->version, 42);
  EXPECT_EQ(ParseLogFileName(Classic(42))->kind, LogFileKind::kClassicCheckpoint);
  const auto part = ParseLogFileName(Part(42, "0000000002", "0000000003"));
  ASSERT_TRUE(part);
  EXPECT_EQ(part->kind, LogFileKind::kCheckpointPart);
  EXPECT_EQ(part->part, 2);
  EXPECT_EQ(part->parts, 3);
  const std::string v2 = VersionText(42) + ".checkpoint." + kUuid;
  EXPECT_EQ(ParseLogFileName(v2 + ".parquet")->kind, LogFileKind::kV2ParquetCheckpoint);
  EXPECT_EQ(ParseLogFileName(v2 + ".json")->kind, LogFileKind::kV2JsonCheckpoint);
  const auto compacted = ParseLogFileName(Compacted(2, 5));
  ASSERT_TRUE(compacted);
  EXPECT_EQ(compacted->version, 2);
  EXPECT_EQ(compacted->last_version, 5);
  EXPECT_EQ(ParseLogFileName(VersionText(42) + ".crc")->kind, LogFileKind::kChecksum);
}

TEST(LogNamesTest, IgnoresEveryOtherName) {
  const std::string v = VersionText(42);
  for (const std::string& name : {std::string("2.json"),
                                  "0" + Commit(42),
                                  v,
                                  v + ".json.tmp",
                                  "." + Commit(42),
                                  v + ".JSON",
                                  v + "..json",
                                  Commit(42) + ".crc",
                                  std::string("_last_checkpoint"),
                                  v + ".checkpoint.parquet.crc",
                                  v + ".checkpoint.json",
                                  v + ".checkpoint.not-a-uuid.parquet",
                                  Part(42, "0000000004", "0000000003"),
                                  Part(42, "0000000000", "0000000003"),
                                  Part(42, "1", "3"),
                                  Compacted(5, 2),
                                  v + ".compacted.json",
                                  std::string("99999999999999999999.json"),
                                  v + ".checkpoint.80a083e8x7026-4e79-81be-64bd76c43a11.parquet",
                                  v + "." + kUuid + ".json"}) {
    EXPECT_FALSE(ParseLogFileName(name)) << name;
  }
}

TEST(ListLogTest, ListsFromAVersionOn) {
  const LogListing listing =
      ListingOf({Commit(8), Commit(9), Commit(10), Classic(9), VersionText(9) + ".crc"}, 9);
  ASSERT_EQ(listing.commits.size(), 2u);
  EXPECT_EQ(listing.commits[0].version, 9);
  EXPECT_EQ(listing.checkpoints.size(), 1u);
  EXPECT_EQ(listing.checksums, std::vector<std::int64_t>{9});
  EXPECT_TRUE(listing.folder_exists);
}

TEST(ListLogTest, NothingNewIsNotNoFolder) {
  EXPECT_TRUE(ListingOf({Commit(8)}, 9).folder_exists);
  EXPECT_FALSE(ListingOf({}, 9).folder_exists);
}

TEST(ListLogTest, IncompleteMultiPartCheckpointIsNotListed) {
  const LogListing listing =
      ListingOf({Part(4, "0000000001", "0000000002"), Part(4, "0000000001", "0000000003"),
                 Part(4, "0000000002", "0000000003"), Part(4, "0000000003", "0000000003")});
  ASSERT_EQ(listing.checkpoints.size(), 1u);
  EXPECT_EQ(listing.checkpoints[0].parts.size(), 3u);
  EXPECT_EQ(listing.checkpoints[0].parts[1].name, Part(4, "0000000002", "0000000003"));
}

TEST(PlanReplayTest, WithoutCheckpointFromTheStart) {
  const LogListing listing = ListingOf({Commit(0), Commit(1), Commit(2)});
  EXPECT_EQ(PlanText(PlanReplay(listing, {}, {})), "start 0 1 2");
  EXPECT_EQ(PlanText(PlanReplay(listing, 1, {})), "start 0 1");
}

TEST(PlanReplayTest, FromTheNewestUsableCheckpoint) {
  const LogListing listing = ListingOf({Commit(0), Commit(1), Commit(2), Commit(3), Classic(1), Classic(3)});
  EXPECT_EQ(PlanText(PlanReplay(listing, {}, {})), "checkpoint 3");
  EXPECT_EQ(PlanText(PlanReplay(listing, 2, {})), "checkpoint 1 2");
  EXPECT_EQ(PlanText(PlanReplay(listing, {}, {Classic(3)})), "checkpoint 1 2 3");
  EXPECT_EQ(PlanText(PlanReplay(listing, {}, {Classic(3), Classic(1)})), "start 0 1 2 3");
}

TEST(PlanReplayTest, CheckpointNeedsNoCommitOfItsVersion) {
  EXPECT_EQ(PlanText(PlanReplay(ListingOf({Classic(3), Commit(4)}), {}, {})), "checkpoint 3 4");
  EXPECT_EQ(PlanText(PlanReplay(ListingOf({Classic(3)}), {}, {})), "checkpoint 3");
}

TEST(PlanReplayTest, V2IsLikedBest) {
  const std::string v2 = VersionText(3) + ".checkpoint." + kUuid;
  const LogListing listing =
      ListingOf({Classic(3), v2 + ".parquet", v2 + ".json", Part(3, "0000000001", "0000000001")});
  EXPECT_EQ(PlanReplay(listing, {}, {})->checkpoint->Id(), v2 + ".parquet");
  EXPECT_EQ(PlanReplay(listing, {}, {v2 + ".parquet"})->checkpoint->Id(), v2 + ".json");
  EXPECT_EQ(PlanReplay(listing, {}, {v2 + ".parquet", v2 + ".json"})->checkpoint->kind,
            CheckpointFiles::Kind::kMultiPart);
}

TEST(PlanReplayTest, CompactedFilesStandInForMissingCommitsOnly) {
  const std::vector<std::string> all = {Commit(0), Commit(1), Commit(2),
                                        Commit(3), Commit(4), Compacted(1, 3)};
  EXPECT_EQ(PlanText(PlanReplay(ListingOf(all), {}, {})), "start 0 1 2 3 4");
  EXPECT_EQ(PlanText(PlanReplay(ListingOf({Commit(0), Commit(4), Compacted(1, 3)}), {}, {})),
            "start 0 4 [1-3]");
  // Single commits inside the range are dropped.
  EXPECT_EQ(
      PlanText(PlanReplay(ListingOf({Commit(0), Commit(1), Commit(3), Commit(4), Compacted(1, 3)}), {}, {})),
      "start 0 4 [1-3]");
  EXPECT_EQ(
      PlanText(PlanReplay(ListingOf({Commit(5), Compacted(0, 2), Compacted(3, 4), Compacted(1, 4)}), {}, {})),
      "start 5 [0-2] [3-4]");
  // It reaches past the version that is asked for.
  EXPECT_EQ(PlanText(PlanReplay(ListingOf({Commit(0), Compacted(1, 3)}), 2, {})),
            "error: version 1 is missing after 0");
}

TEST(PlanReplayTest, GapsAreNamed) {
  const auto gap = PlanReplay(ListingOf({Commit(0), Commit(1), Commit(2), Commit(4)}), {}, {});
  ASSERT_FALSE(gap);
  EXPECT_EQ(gap.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(gap.error().why, "version 3 is missing between 2 and 4");
  EXPECT_EQ(PlanText(PlanReplay(ListingOf({Commit(0), Commit(1), Commit(2), Commit(4)}), 2, {})),
            "start 0 1 2");
  // A newer checkpoint bridges it.
  EXPECT_EQ(PlanText(PlanReplay(ListingOf({Commit(0), Commit(2), Commit(3), Classic(2)}), {}, {})),
            "checkpoint 2 3");
}

TEST(PlanReplayTest, MissingStart) {
  const auto plan = PlanReplay(ListingOf({Commit(3), Commit(4)}), {}, {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(plan.error().why,
            "the log starts at version 3 and no usable checkpoint stands in for what came before");
  EXPECT_FALSE(PlanReplay(ListingOf({Classic(3), Commit(4)}), {}, {Classic(3)}));
}

TEST(PlanReplayTest, VersionsOutsideTheLogAreOutOfRange) {
  const LogListing whole = ListingOf({Commit(0), Commit(1)});
  const LogListing cleaned = ListingOf({Classic(8), Commit(8), Commit(9), Commit(7)});
  for (const auto& [listing, version, why] : std::vector<std::tuple<LogListing, std::int64_t, std::string>>{
           {whole, 2, "the log has versions 0 to 1"},
           {whole, -1, "the log has versions 0 to 1"},
           {cleaned, 7, "the log has versions 8 to 9; older commits were cleaned up"},
           {cleaned, 10, "the log has versions 8 to 9"}}) {
    const auto plan = PlanReplay(listing, version, {});
    ASSERT_FALSE(plan) << version;
    EXPECT_EQ(plan.error().code, ErrorCode::kOutOfRange);
    EXPECT_EQ(plan.error().why, why);
  }
}

TEST(PlanReplayTest, NoLogIsNotATable) {
  EXPECT_EQ(PlanReplay(ListingOf({}), {}, {}).error().code, ErrorCode::kNotATable);
  EXPECT_EQ(PlanReplay(ListingOf({"_last_checkpoint", "x"}), 0, {}).error().code, ErrorCode::kNotATable);
}

}  // namespace
}  // namespace levee::delta
