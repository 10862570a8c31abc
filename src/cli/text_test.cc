// The texts that the program writes for people, and explanations for programs.
#include <gtest/gtest.h>

#include <array>

#include "api/explain_text.h"
#include "api/nearest_name.h"
#include "cli/commit_info.h"
#include "cli/console.h"
#include "cli/file_list.h"
#include "cli/sync_text.h"

namespace levee::cli {
namespace {

TEST(NearestHint, NamesWhatWasMeant) {
  constexpr std::array<std::string_view, 3> kNames{"path", "partitionValues", "size"};
  EXPECT_EQ(api::NearestHint("pth", kNames, "none", "--"), "did you mean --path?");
  EXPECT_EQ(api::NearestHint("PARTITIONVALUES", kNames, "none"), "did you mean partitionValues?");
  EXPECT_EQ(api::NearestHint("modified", kNames, "none"), "none");
}

TEST(ProgressText, TellsRateAndTimeLeft) {
  EXPECT_EQ(ProgressText({"reading", 500'000, 1'000'000, "files"}, 2'000'000'000),
            "reading [############            ] 50 %  500,000 of 1,000,000 files  250,000/s  3 s left");
  EXPECT_EQ(ProgressText({"sorting", 1200, 0, "files"}, 0), "sorting  1,200 files");
  // More than announced is not more than all.
  EXPECT_EQ(ProgressText({"x", 3, 2, "files"}, 0), "x [########################] 100 %  3 of 2 files");
}

TEST(TotalsText, SaysWhatIsKnown) {
  EXPECT_EQ(TotalsText({4, 612'000'000, 38'112}, 1'000'500), "4 of 1,000,500 files, 612 MB, 38,112 rows");
  EXPECT_EQ(TotalsText({1, 5, std::nullopt}, 1), "1 of 1 file, 5 B");
}

TEST(SyncText, TellsAnImportFromASync) {
  EXPECT_EQ(SyncText({.name = "t", .to_version = 3, .commits = 4, .files = 2, .imported = true, .seconds = 0.5}, false),
            "t: imported version 3, 4 commits, 2 files, in 500 ms");
  EXPECT_EQ(SyncText({.uri = "file:///t", .to_version = 9, .commits = 1, .files = -1, .base = "8.checkpoint.parquet"}, true),
            "file:///t: would import version 9 from 8.checkpoint.parquet and 1 commit");
  EXPECT_EQ(SyncText({.name = "t", .from_version = 3, .to_version = 5, .commits = 2, .files = 1, .seconds = 0.001}, false),
            "t: synced from version 3 to 5, 2 commits, 1 file, in 1 ms");
  EXPECT_EQ(SyncText({.name = "t", .from_version = 5, .to_version = 5}, false), "t: up to date at version 5");
}

TEST(SyncJson, HasNullsForWhatIsUnknown) {
  EXPECT_EQ(SyncJson({.uri = "file:///t", .to_version = 9, .commits = 1, .files = -1}, true),
            R"({"name":null,"uri":"file:///t","fromVersion":null,"toVersion":9,"commits":1,"files":null,)"
            R"("base":null,"imported":false,"dryRun":true,"seconds":0.0})");
}

TEST(ReadCommitInfo, TakesWhatIsThere) {
  const CommitInfo info = ReadCommitInfo(
      R"({"operation":"WRI\u0054E","operationParameters":{"mode":"Append"},"isBlindAppend":true,"userName":7})");
  EXPECT_EQ(info.operation.text, "WRITE");
  EXPECT_EQ(info.operation_parameters.text, R"({"mode":"Append"})");
  EXPECT_EQ(info.is_blind_append.integer, 1);
  EXPECT_EQ(info.user_name.kind, output::Cell::Kind::kNull);
  EXPECT_EQ(ReadCommitInfo("no json").operation.kind, output::Cell::Kind::kNull);
}

TEST(Explain, ShowsTimesOnlyWhenAsked) {
  catalog::Explanation explanation;
  explanation.predicate = "id < 5";
  explanation.version = 7;
  explanation.counters.segments = 16;
  explanation.counters.segments_skipped = 15;
  explanation.counters.bytes_read = 2048;
  explanation.scan_ns = 1'500'000;
  const std::string plain = api::ExplainText({"t", explanation, 4, 1000, false});
  EXPECT_NE(plain.find("files of t at version 7: 4 of 1,000\n  predicate  id < 5\n"), std::string::npos) << plain;
  EXPECT_NE(plain.find("\n  segments   16 segments, 15 skipped\n"), std::string::npos) << plain;
  EXPECT_EQ(plain.find("ms"), std::string::npos) << plain;
  EXPECT_NE(api::ExplainText({"t", explanation, 4, 1000, true}).find("4 files  1.5 ms"), std::string::npos);

  EXPECT_EQ(plain.find("summary"), std::string::npos);
  explanation.from_summary = true;
  EXPECT_NE(api::ExplainText({"t", explanation, 4, 1000, false}).find("\n  summary    answered from the summary\n"),
            std::string::npos);
  explanation.from_summary = false;
  explanation.from_results = true;
  EXPECT_NE(api::ExplainText({"t", explanation, 4, 1000, false}).find("from the result cache"), std::string::npos);
  EXPECT_NE(api::ExplainJson({"t", explanation, 4, 1000, false}).find(R"("fromResults":true)"), std::string::npos);
  explanation.from_results = false;
  EXPECT_EQ(plain.find("result cache"), std::string::npos);

  const std::string json = api::ExplainJson({"t", explanation, 4, -1, false});
  EXPECT_TRUE(json.starts_with(
      R"({"table":"t","version":7,"predicate":"id < 5","files":4,"allFiles":null,"fromSummary":false,"steps":[{"step":"sync"},)"))
      << json;
  EXPECT_EQ(json.find("\"ns\""), std::string::npos);
  EXPECT_NE(api::ExplainJson({"t", explanation, 4, -1, true}).find(R"({"step":"scan","files":4,"ns":1500000})"),
            std::string::npos);
}

}  // namespace
}  // namespace levee::cli
