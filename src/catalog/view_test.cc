#include <gmock/gmock.h>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;
using ::testing::HasSubstr;

class ViewTest : public CatalogTestBed {
 protected:
  // Three files of ten rows in "eu" and one without statistics in "us".
  void SetUp() override {
    CatalogTestBed::SetUp();
    CommitMany(3);
    Commit(3, R"({"add":{"path":"bare","partitionValues":{"Region":"us"},"size":7,"modificationTime":1,"dataChange":true}})");
  }
  std::unique_ptr<View> OpenView() {
    auto view = catalog_->Open(kTable, {});
    EXPECT_TRUE(view) << view.error().ToString();
    return view ? std::move(*view) : nullptr;
  }
};

TEST_F(ViewTest, DropsWhatThePredicateExcludes) {
  EXPECT_EQ(Paths({}, {.where = "id BETWEEN 12 AND 15"}), "bare f1");
  EXPECT_EQ(Paths({}, {.where = "region = 'eu' AND id > 14"}), "f1 f2");
  EXPECT_EQ(Paths({}, {.where = "REGION IS NULL"}), "");
  EXPECT_EQ(Paths({}, {.where = "1 = 2"}), "");
  EXPECT_EQ(Paths({}, {.where = "  "}), "bare f0 f1 f2");
}

TEST_F(ViewTest, CachesCountWhatTheyDo) {
  const auto caches = [&] {
    std::vector<cache::CacheUse> uses = store_->ReadInfo()->caches;
    for (const cache::CacheUse& use : catalog_->Caches()) uses.push_back(use);
    return uses;
  };
  for (int asked = 0; asked < 3; ++asked) EXPECT_EQ(Paths({}, {.where = "id BETWEEN 12 AND 15"}), "bare f1");
  const auto uses = caches();
  ASSERT_EQ(uses.size(), 6u);
  for (const cache::CacheUse& use : uses) {
    EXPECT_GT(use.capacity_bytes, 0u) << use.name;
    EXPECT_LE(use.counters.bytes, use.capacity_bytes) << use.name;
  }
  EXPECT_EQ(uses[3].name, "plans");
  EXPECT_EQ(uses[4].name, "results");
  EXPECT_EQ(uses[5].name, "snapshots");
  EXPECT_EQ(uses[3].counters.misses, 1u);
  EXPECT_EQ(uses[3].counters.hits, 2u);
  EXPECT_EQ(uses[3].counters.entries, 1u);
  EXPECT_EQ(uses[4].counters.misses, 1u);
  EXPECT_EQ(uses[4].counters.hits, 2u);
  EXPECT_GT(uses[5].counters.hits, 0u);
  EXPECT_EQ(store_->ReadInfo()->connections_in_use, 0);
}

TEST_F(ViewTest, AWrongPredicateNamesTheColumns) {
  const auto view = OpenView();
  const auto files = view->Files({.where = "regoin = 'eu'"}, nullptr);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(files.error().ToString(), HasSubstr("Region"));
}

TEST_F(ViewTest, Counts) {
  const auto view = OpenView();
  EXPECT_EQ(view->Count({}, nullptr).value(), 4);
  EXPECT_EQ(view->Count({.where = "id >= 10"}, nullptr).value(), 3);
  EXPECT_EQ(view->Count({.where = "id >= 10", .limit = 2}, nullptr).value(), 2);
  EXPECT_EQ(view->Count({.where = "1 = 2"}, nullptr).value(), 0);
  EXPECT_EQ(view->Count({.where = "region = 'eu'", .rows = 15}, nullptr).value(), 2);
}

TEST_F(ViewTest, ARowQuotaStopsOnceTheRowsAreSure) {
  // f1 may hold rows below 12, so that only f2 is sure.
  const auto view = OpenView();
  EXPECT_EQ(view->Count({.where = "region = 'eu' AND id >= 12", .rows = 10}, nullptr).value(), 2);
  EXPECT_EQ(view->Count({.where = "region = 'eu'", .rows = 10}, nullptr).value(), 1);
  EXPECT_EQ(view->Count({.where = "region = 'eu'", .rows = 11}, nullptr).value(), 2);
  EXPECT_EQ(view->Count({.where = "region = 'eu'", .rows = 1000}, nullptr).value(), 3);
  EXPECT_EQ(view->Count({.rows = 0}, nullptr).value(), 0);
  // A file without statistics promises nothing.
  EXPECT_EQ(view->Count({.where = "region = 'us'", .rows = 1}, nullptr).value(), 1);
}

TEST_F(ViewTest, AQuotaReturnsTheColumnsThatWereAsked) {
  const auto view = OpenView();
  const auto stream = view->Files({.where = "id >= 0", .columns = {columnar::PlainKey(ColumnRole::kPath)}, .rows = 5}, nullptr);
  ASSERT_TRUE(stream);
  const auto batch = (*stream)->Next();
  ASSERT_TRUE(batch && *batch);
  ASSERT_EQ((*batch)->columns.size(), 1u);
  EXPECT_EQ((*batch)->columns[0].key.role, ColumnRole::kPath);
}

TEST_F(ViewTest, Explains) {
  const auto view = OpenView();
  Explanation explanation;
  const auto stream = view->Files({.where = "id > 14"}, &explanation);
  ASSERT_TRUE(stream);
  while (true) {
    const auto batch = (*stream)->Next();
    ASSERT_TRUE(batch);
    if (!*batch) break;
  }
  EXPECT_EQ(explanation.version, 3);
  EXPECT_THAT(explanation.predicate, HasSubstr("id"));
  EXPECT_EQ(explanation.counters.entries_selected, 3);
}

TEST_F(ViewTest, SaysWhyAFileIsKeptOrDropped) {
  const auto view = OpenView();
  const auto high = view->Why("f1", "region = 'eu' AND id > 19");
  ASSERT_TRUE(high) << high.error().ToString();
  EXPECT_FALSE(high->kept);
  EXPECT_THAT(high->decided_by, HasSubstr("19"));
  EXPECT_EQ(high->bound, "max(id) = 19");
  EXPECT_EQ(view->Why("f1", "id = 3").value().bound, "min(id) = 10");
  EXPECT_EQ(view->Why("f1", "id = 30").value().bound, "max(id) = 19");
  EXPECT_EQ(view->Why("f1", "region = 'us' AND id = 30").value().bound, "Region = eu");
  EXPECT_EQ(view->Why("f1", "id IS NULL").value().bound, "no NULL in id");
  EXPECT_EQ(view->Why("f1", "id < 2 OR id > 50").value().bound, "min(id) = 10, max(id) = 19");
  const auto kept = view->Why("f1", "id = 12");
  EXPECT_TRUE(kept->kept);
  EXPECT_EQ(kept->decided_by, "no part of the predicate excludes it");
  EXPECT_TRUE(view->Why("bare", "id = 12").value().kept);
  EXPECT_EQ(view->Why("f9", "id = 12").error().code, ErrorCode::kNotFound);
}

TEST_F(ViewTest, NamesStatisticsColumns) {
  const auto view = OpenView();
  const auto key = view->StatisticsColumn(ColumnRole::kMin, "ID");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->path, "id");
  EXPECT_EQ(key->type.kind, types::TypeKind::kLong);
  EXPECT_THAT(view->StatisticsColumn(ColumnRole::kMin, "ix").error().hint, HasSubstr("id"));
  EXPECT_THAT(view->StatisticsColumn(ColumnRole::kMin, "region").error().why, HasSubstr("partition column"));
  const auto columns = view->Columns();
  ASSERT_TRUE(columns);
  EXPECT_NE(std::ranges::find(*columns, *key), columns->end());
}

// The schema of one column "x", whose type may have been changed from another one.
std::string OneColumn(const std::string& type, const std::string& from = "") {
  const std::string changes =
      from.empty() ? "" : R"(\"delta.typeChanges\":[{\"fromType\":\")" + from + R"(\",\"toType\":\")" + type + R"(\"}])";
  return R"({\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\")" + type +
         R"(\",\"nullable\":true,\"metadata\":{)" + changes +
         R"(}},{\"name\":\"Region\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]})";
}

std::string AddWithBounds(const std::string& path, const std::string& low, const std::string& high,
                          const std::string& nulls = "0") {
  return R"({"add":{"path":")" + path + R"(","partitionValues":{"Region":"eu"},"size":1,"modificationTime":1,)"
         R"("dataChange":true,"stats":"{\"numRecords\":2,\"minValues\":{\"x\":)" + low + R"(},\"maxValues\":{\"x\":)" +
         high + R"(},\"nullCount\":{\"x\":)" + nulls + R"(}}"}})" + "\n";
}

class ViewBoundsTest : public CatalogTestBed {};

// The float 3.4 is the double 3.4000000953674316, which the statistics spell 3.4.
TEST_F(ViewBoundsTest, ABoundThatMayBeTheSpellingOfAFloatReachesTheFloat) {
  Commit(0, ProtocolLine() + MetadataLine("", OneColumn("double", "float")) + AddWithBounds("f", "1.5", "3.4") +
                AddWithBounds("g", "3.3", "5.5"));
  EXPECT_EQ(Paths({}, {.where = "x > 3.4"}), "f g");
  EXPECT_EQ(Paths({}, {.where = "x = 3.4000000953674316"}), "f g");
  EXPECT_EQ(Paths({}, {.where = "x > 3.41"}), "g");
  // The float 3.3 is 3.2999999523162842.
  EXPECT_EQ(Paths({}, {.where = "x < 3.29999999"}), "f g");
  EXPECT_EQ(Paths({}, {.where = "x < 3.29"}), "f");
}

TEST_F(ViewBoundsTest, ADoubleThatAlwaysWasOneIsPrunedExactly) {
  Commit(0, ProtocolLine() + MetadataLine("", OneColumn("double")) + AddWithBounds("f", "1.5", "3.4"));
  EXPECT_EQ(Paths({}, {.where = "x > 3.4"}), "");
}

// Every integer is a double and a decimal as it is spelt.
TEST_F(ViewBoundsTest, BoundsOfIntegersStayExactWhenTheColumnIsWidened) {
  Commit(0, ProtocolLine() + MetadataLine("", OneColumn("double", "integer")) +
                AddWithBounds("f", "-2147483648", "2147483647"));
  EXPECT_EQ(Paths({}, {.where = "x > 2147483647"}), "");
  EXPECT_EQ(Paths({}, {.where = "x >= 2147483647"}), "f");
}

TEST_F(ViewBoundsTest, BoundsOfLongsStayExactWhenTheColumnIsWidenedToADecimal) {
  Commit(0, ProtocolLine() + MetadataLine("", OneColumn("decimal(20,0)", "long")) +
                AddWithBounds("g", "-9223372036854775808", "9223372036854775807"));
  EXPECT_EQ(Paths({}, {.where = "x > 9223372036854775807"}), "");
  EXPECT_EQ(Paths({}, {.where = "x >= 9223372036854775807"}), "g");
}

// "Only NULLs" and bounds contradict each other, so neither may drop the file.
TEST_F(ViewBoundsTest, ContradictoryCountsOfNullsDropNoFile) {
  std::string adds = AddWithBounds("f", "1", "2", "2");
  adds += R"({"add":{"path":"n","partitionValues":{"Region":"eu"},"size":1,"modificationTime":1,)"
          R"("dataChange":true,"stats":"{\"numRecords\":2,\"nullCount\":{\"x\":2}}"}})"
          "\n";
  Commit(0, ProtocolLine() + MetadataLine("", OneColumn("long")) + adds);
  EXPECT_EQ(Paths({}, {.where = "x IS NOT NULL"}), "f");
  EXPECT_EQ(Paths({}, {.where = "x IS NOT NULL", .rows = 1}), "f");
  EXPECT_EQ(Paths({}, {.where = "x = 1"}), "f");
}

// Enough files for blocks with zone maps, whose counts are all one number.
TEST_F(ViewBoundsTest, ContradictoryCountsDropNoBlock) {
  std::string adds = AddWithBounds("f", "1", "2", "2");
  for (int i = 0; i < 9'000; ++i) {
    adds += R"({"add":{"path":"n)" + std::to_string(i) + R"(","partitionValues":{"Region":"eu"},"size":1,)"
            R"("modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":2,\"nullCount\":{\"x\":2}}"}})"
            "\n";
  }
  Commit(0, ProtocolLine() + MetadataLine("", OneColumn("long")) + adds);
  EXPECT_EQ(Paths({}, {.where = "x IS NOT NULL"}), "f");
  EXPECT_EQ(Paths({}, {.where = "x = 1"}), "f");
}

}  // namespace
}  // namespace levee::catalog
