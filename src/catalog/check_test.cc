#include <gmock/gmock.h>

#include "base/memory_budget.h"
#include "catalog/catalog_test_bed.h"
#include "catalog/entry_compare.h"
#include "catalog/json_equal.h"
#include "delta/commit_reader.h"

namespace levee::catalog {
namespace {

using Status = CheckReport::Status;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CheckTest : public CatalogTestBed {
 protected:
  CheckReport Check() {
    auto report = catalog_->Check(kTable);
    EXPECT_TRUE(report) << report.error().ToString();
    return report ? *report : CheckReport();
  }
  // The head's own commit as another content, whose fingerprint the store is made to hold: drift that a
  // defect of the store would cause.
  void ReplaceHead(std::int64_t version, const std::string& content) {
    Commit(version, content);
    const auto info = log_.Stat(delta::CommitPath(version));
    ASSERT_TRUE(store_->SetFingerprint(1, version, {(*info)->etag, Hash64(content)}));
  }
};

TEST_F(CheckTest, EqualAndLagging) {
  CommitMany(3);
  Commit(3, RemoveLine("f1"));
  ASSERT_EQ(Paths(), "f0 f2");
  CheckReport report = Check();
  EXPECT_EQ(report.status, Status::kEqual);
  EXPECT_EQ(report.store_version, 3);
  EXPECT_EQ(report.log_version, 3);
  CommitFile(4);
  report = Check();
  EXPECT_EQ(report.status, Status::kLagging);
  EXPECT_EQ(report.log_version, 4);
}

TEST_F(CheckTest, CountsWhatIsMissingUnexpectedAndDiffering) {
  CommitMany(3);
  ASSERT_EQ(Paths(), "f0 f1 f2");
  // The log says f0 is gone, f1 has other statistics, and f3 is there.
  ReplaceHead(2, AddLine({.path = "f2", .min = 20, .max = 29}) + RemoveLine("f0") + AddLine({.path = "f3"}) +
                     AddLine({.path = "f1", .min = 10, .max = 18}));
  const CheckReport report = Check();
  EXPECT_EQ(report.status, Status::kDrift);
  EXPECT_THAT(report.missing, ElementsAre("f3"));
  EXPECT_THAT(report.unexpected, ElementsAre("f0"));
  EXPECT_THAT(report.differing, ElementsAre("f1"));
  EXPECT_EQ(report.missing_count + report.unexpected_count + report.differing_count, 3);
}

// The store writes times in UTC; the log may have them in any zone.
TEST_F(CheckTest, TimesInAnotherZoneAreEqual) {
  constexpr char kTimes[] =
      R"({\"type\":\"struct\",\"fields\":[{\"name\":\"t\",\"type\":\"timestamp\",\"nullable\":true,\"metadata\":{}},)"
      R"({\"name\":\"Region\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]})";
  const auto add = [](const std::string& time) {
    return R"({"add":{"path":"f","partitionValues":{"Region":"eu"},"size":1,"modificationTime":1,"dataChange":true,)"
           R"("stats":"{\"numRecords\":1,\"minValues\":{\"t\":\")" + time + R"(\"}}"}})" + "\n";
  };
  Commit(0, ProtocolLine() + MetadataLine("", kTimes) + add("2020-02-01T08:09:10.000-08:00"));
  ASSERT_EQ(Paths(), "f");
  EXPECT_EQ(Check().status, Status::kEqual);
  ReplaceHead(0, ProtocolLine() + MetadataLine("", kTimes) + add("2020-02-01T08:09:10.000-07:00"));
  EXPECT_EQ(Check().status, Status::kDrift);
}

// Statistics are kept as the type that they were read as, and given back as the log has them.
TEST_F(CheckTest, AColumnThatWasWidenedIsEqual) {
  const auto schema = [](const std::string& type) {
    return R"({\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\")" + type +
           R"(\",\"nullable\":true,\"metadata\":{}},)"
           R"({\"name\":\"Region\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]})";
  };
  const auto add = [](const std::string& path, const std::string& bound) {
    return R"({"add":{"path":")" + path + R"(","partitionValues":{"Region":"eu"},"size":1,"modificationTime":1,)"
           R"("dataChange":true,"stats":"{\"numRecords\":1,\"minValues\":{\"x\":)" + bound + R"(}}"}})" + "\n";
  };
  Commit(0, ProtocolLine() + MetadataLine("", schema("date")) + add("f", R"(\"2024-09-09\")"));
  ASSERT_EQ(Paths(), "f");
  Commit(1, MetadataLine("", schema("timestamp_ntz")) + add("g", R"(\"2024-09-10T01:00:00.000\")"));
  ASSERT_EQ(Paths(), "f g");
  EXPECT_EQ(Check().status, Status::kEqual);
  Commit(2, MetadataLine("", schema("float")) + add("h", "3.4"));
  Commit(3, MetadataLine("", schema("double")) + add("i", "3.4"));
  ASSERT_EQ(Paths(), "f g h i");
  EXPECT_EQ(Check().status, Status::kEqual);
}

// What does not fit into memory is compared in slices, and comes to the same.
TEST_F(CheckTest, LittleMemoryFindsTheSameDrift) {
  CommitMany(60);
  ASSERT_THAT(Paths(), HasSubstr("f59"));
  ReplaceHead(59, RemoveLine("f3") + RemoveLine("f30") + AddLine({.path = "f59", .min = 1, .max = 2}) +
                      AddLine({.path = "g1"}) + AddLine({.path = "g2"}) + AddLine({.path = "g3"}));
  const CheckReport whole = Check();
  MemoryBudget::Process().SetLimit(1500);  // a third of it is eight files
  const CheckReport sliced = Check();
  MemoryBudget::Process().SetLimit(0);
  for (const CheckReport* report : {&whole, &sliced}) {
    EXPECT_EQ(report->status, Status::kDrift);
    EXPECT_THAT(report->missing, ElementsAre("g1", "g2", "g3"));
    EXPECT_THAT(report->unexpected, ElementsAre("f3", "f30"));
    EXPECT_THAT(report->differing, ElementsAre("f59"));
    EXPECT_EQ(report->missing_count, 3);
    EXPECT_EQ(report->unexpected_count, 2);
    EXPECT_EQ(report->differing_count, 1);
  }
}

TEST_F(CheckTest, AChecksumFileThatIsBrokenIsANote) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  std::string path = delta::CommitPath(1);
  path.replace(path.size() - 4, 4, "crc");
  log_.Put(path, "{torn");
  const CheckReport report = Check();
  EXPECT_EQ(report.status, Status::kEqual);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("is no JSON object")));
  EXPECT_EQ(Paths(), "f0 f1");
}

TEST_F(CheckTest, AnotherSchemaIsDrift) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  ReplaceHead(1, MetadataLine(R"("delta.appendOnly":"true")") + AddLine({.path = "f1", .min = 10, .max = 19}));
  const CheckReport report = Check();
  EXPECT_EQ(report.status, Status::kDrift);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("metaData")));
}

TEST_F(CheckTest, AChecksumFileThatDiffersIsANote) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  std::string path = delta::CommitPath(1);
  path.replace(path.size() - 4, 4, "crc");
  log_.Put(path, R"({"tableSizeBytes":200,"numFiles":9})");
  const CheckReport report = Check();
  EXPECT_EQ(report.status, Status::kEqual);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("numFiles is 9, but it is 2")));
}

TEST_F(CheckTest, ALogThatWasCleanedUpIsComparedFromItsLaterCheckpoint) {
  CommitMany(6);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5");
  Checkpoint(4);
  RemoveCommits(0, 3);
  EXPECT_EQ(Check().status, Status::kEqual);
}

TEST_F(CheckTest, ALogThatBeginsAboveTheStoreCannotBeCompared) {
  CommitMany(2);
  ASSERT_EQ(Paths(), "f0 f1");
  CommitMany(6);
  Checkpoint(4);
  RemoveCommits(0, 2);
  const CheckReport report = Check();
  EXPECT_EQ(report.status, Status::kLagging);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("can no longer be replayed")));
}

// Both sides from the text of commits.
class CompareEntriesTest : public ::testing::Test {
 protected:
  class OneBatch final : public columnar::BatchStream {
   public:
    explicit OneBatch(columnar::Batch batch) : batch_(std::make_unique<columnar::Batch>(std::move(batch))) {}
    Result<std::unique_ptr<columnar::Batch>> Next() override { return std::move(batch_); }

   private:
    std::unique_ptr<columnar::Batch> batch_;
  };

  CheckReport Compare(const std::string& stored, const std::string& logged, std::size_t in_full_max) {
    const types::Schema schema = delta::ParseSchema(
        R"({"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]})", {},
        "none").value();
    const auto adds = delta::ParseCommit(0, logged).value().adds;
    const CompareSources sources{
        .scan = [&]() -> Result<std::unique_ptr<columnar::BatchStream>> {
          const auto commit = delta::ParseCommit(0, stored);
          delta::EntryBatchBuilder builder(schema);
          for (const delta::AddAction& add : commit->adds) builder.Append(add);
          ++scans_;
          return std::make_unique<OneBatch>(builder.Finish());
        },
        .replay = [&](delta::ReplayVisitor& files) -> levee::Status {
          files.Start();
          for (const delta::AddAction& add : adds) files.Add(add);
          ++replays_;
          return {};
        }};
    const CompareOptions options{.schema = schema, .in_full_max = in_full_max};
    DigestCollector digests(schema, DigestOptionsOf(options));
    digests.Start();
    for (const delta::AddAction& add : adds) digests.Add(add);
    CheckReport report;
    EXPECT_TRUE(CompareEntries(sources, digests.Take(), options, report));
    return report;
  }

  int scans_ = 0, replays_ = 0;
};

TEST_F(CompareEntriesTest, WhatIsEqualIsReadOnce) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += AddLine({.path = "f" + std::to_string(i), .min = i, .max = i});
  const CheckReport report = Compare(text, text, 100);
  EXPECT_EQ(report.missing_count + report.unexpected_count + report.differing_count, 0);
  EXPECT_EQ(scans_, 1);
  EXPECT_EQ(replays_, 0);
}

TEST_F(CompareEntriesTest, ComparesWhatMayDifferSomeAtATime) {
  std::string stored, logged;
  for (int i = 0; i < 1000; ++i) {
    const auto line = [&](const std::string& size) {
      std::string text = AddLine({.path = "f" + std::to_string(i), .min = i, .max = i});
      return text.replace(text.find(R"("size":100)"), 10, size);
    };
    // One in ten is missing, one in ten is too much, half differ; the rest is spelt otherwise, but equal.
    if (i % 10 != 0) logged += line(R"("size":100,"tags":{"a":1.0})");
    const bool differs = i % 10 > 4;
    if (i % 10 != 1) stored += line(differs ? R"("size":101,"tags":{"a":1})" : R"("size":100,"tags":{ "a" :1})");
  }
  const CheckReport report = Compare(stored, logged, 7);
  EXPECT_EQ(report.missing_count, 100);
  EXPECT_EQ(report.unexpected_count, 100);
  EXPECT_EQ(report.differing_count, 500);
  for (const auto* sample : {&report.missing, &report.unexpected, &report.differing}) {
    EXPECT_EQ(sample->size(), 100u);
    EXPECT_TRUE(std::ranges::is_sorted(*sample));
  }
  EXPECT_THAT(report.missing, testing::Contains("f991"));
  EXPECT_THAT(report.unexpected, testing::Contains("f990"));
  EXPECT_EQ(scans_, 1 + (800 + 6) / 7);
  EXPECT_EQ(replays_, (800 + 6) / 7);
}

TEST(JsonEqualTest, ComparesByValue) {
  EXPECT_TRUE(JsonEqual(R"({"a":1,"b":[1.0,"x"]})", R"( {"b":[1,"\u0078"], "a":1} )"));
  EXPECT_TRUE(JsonEqual("1e2", "100"));
  EXPECT_TRUE(JsonEqual("not json", "not json"));
  EXPECT_FALSE(JsonEqual(R"({"a":1})", R"({"a":2})"));
  EXPECT_FALSE(JsonEqual(R"({"a":1})", R"({"a":1,"b":2})"));
  EXPECT_FALSE(JsonEqual(R"({"a":1})", R"({"b":1})"));
  EXPECT_FALSE(JsonEqual("[1,2]", "[1]"));
  EXPECT_FALSE(JsonEqual("[1,2]", "[2,1]"));
  EXPECT_FALSE(JsonEqual("1", R"("1")"));
  EXPECT_FALSE(JsonEqual("9007199254740993", "9007199254740992"));
  EXPECT_FALSE(JsonEqual("true", "false"));
  EXPECT_FALSE(JsonEqual("", "1"));
  EXPECT_FALSE(JsonEqual("{not", "{other"));
  EXPECT_FALSE(JsonEqual("3.4", "3.4000000953674316"));
  EXPECT_TRUE(JsonEqual("[3.4]", "[3.4000000953674316]", NumberPrecision::kFloat));
  EXPECT_FALSE(JsonEqual("3.4", "3.401", NumberPrecision::kFloat));
}

}  // namespace
}  // namespace levee::catalog
