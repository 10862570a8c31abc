#include "query/estimate.h"

#include <gtest/gtest.h>

namespace levee::query {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;

SkippingNode Compare(std::string path, CompareOp op, std::int64_t value) {
  SkippingNode node{.kind = NodeKind::kCompare, .op = op};
  node.column = {.name = path, .physical_path = path, .type = {types::TypeKind::kLong}};
  node.literals.push_back({node.column.type, value});
  return node;
}

SkippingNode List(NodeKind kind, std::vector<SkippingNode> children) {
  SkippingNode node{.kind = kind};
  node.children = std::move(children);
  return node;
}

// From 0 to 100, each file a twentieth of it.
const FactsByPath kFacts{
    {"a", {.lower = 0, .upper = 100, .file_width = 0.05, .has_nulls = false}},
    {"b", {.lower = 0, .upper = 100, .file_width = 0.05}},
};

TEST(KeptPartTest, RangesAreTheirPartAndAFilesWidth) {
  EXPECT_NEAR(KeptPart(Compare("a", CompareOp::kLess, 30), kFacts), 0.35, 1e-9);
  EXPECT_NEAR(KeptPart(Compare("a", CompareOp::kGreaterEqual, 30), kFacts), 0.75, 1e-9);
  EXPECT_NEAR(KeptPart(Compare("a", CompareOp::kEqual, 30), kFacts), 0.05, 1e-9);
  EXPECT_EQ(KeptPart(Compare("a", CompareOp::kGreater, 101), kFacts), 0);
  EXPECT_EQ(KeptPart(Compare("a", CompareOp::kGreater, -5), kFacts), 1);
  EXPECT_EQ(KeptPart(Compare("a", CompareOp::kNotEqual, 30), kFacts), 1);
}

TEST(KeptPartTest, ComparisonsOfOneColumnMeet) {
  const auto between =
      List(NodeKind::kAnd, {Compare("a", CompareOp::kGreater, 40), Compare("a", CompareOp::kLess, 60)});
  EXPECT_NEAR(KeptPart(between, kFacts), 0.25, 1e-9);
  const auto two =
      List(NodeKind::kAnd, {Compare("a", CompareOp::kLess, 45), Compare("b", CompareOp::kLess, 45)});
  EXPECT_NEAR(KeptPart(two, kFacts), 0.25, 1e-9);
  const auto either =
      List(NodeKind::kOr, {Compare("a", CompareOp::kLess, 45), Compare("b", CompareOp::kLess, 45)});
  EXPECT_NEAR(KeptPart(either, kFacts), 0.75, 1e-9);
}

TEST(KeptPartTest, UnknownColumnsTakeWhatIsUsual) {
  EXPECT_NEAR(KeptPart(Compare("c", CompareOp::kLess, 30), kFacts), 1.0 / 3, 1e-9);
  EXPECT_NEAR(KeptPart(Compare("c", CompareOp::kEqual, 30), kFacts), 0.1, 1e-9);
}

ColumnFacts WithQuantiles(const std::vector<types::PhysicalValue>& lower, double known_part) {
  store::ColumnStatistics statistics{.entries = 1'000, .known = static_cast<std::int64_t>(1'000 * known_part), .distinct = 50};
  for (columnar::ColumnVector* bounds : {&statistics.lower, &statistics.upper}) {
    if (std::holds_alternative<std::string>(lower[0])) bounds->physical = types::PhysicalType::kString;
    for (const types::PhysicalValue& value : lower) bounds->PushValue(value);
  }
  return {.statistics = std::move(statistics)};
}

TEST(KeptPartTest, HistogramsKnowWhatARangeDoesNot) {
  // Nine in ten values are below 9.
  std::vector<types::PhysicalValue> skewed;
  for (std::int64_t i = 0; i < 10; ++i) skewed.emplace_back(i);
  skewed.emplace_back(std::int64_t{100});
  FactsByPath facts{{"s", WithQuantiles(skewed, 1)}, {"half", WithQuantiles(skewed, 0.5)}};
  EXPECT_NEAR(KeptPart(Compare("s", CompareOp::kLess, 9), facts), 0.9, 1e-9);
  EXPECT_NEAR(KeptPart(Compare("s", CompareOp::kGreater, 9), facts), 0.1, 1e-9);
  const auto between =
      List(NodeKind::kAnd, {Compare("s", CompareOp::kGreaterEqual, 2), Compare("s", CompareOp::kLess, 5)});
  EXPECT_NEAR(KeptPart(between, facts), 0.3, 1e-9);
  const auto never =
      List(NodeKind::kAnd, {Compare("s", CompareOp::kGreater, 5), Compare("s", CompareOp::kLess, 2)});
  EXPECT_EQ(KeptPart(never, facts), 0);
  EXPECT_NEAR(KeptPart(Compare("s", CompareOp::kEqual, 50), facts), 1.0 / 50, 1e-9) << "one value among fifty";
  EXPECT_NEAR(KeptPart(Compare("half", CompareOp::kLess, 9), facts), 0.95, 1e-9) << "files without bounds are kept";
  // The range, which has the recent commits too, says more where nothing is.
  facts["s"].lower = 0;
  facts["s"].upper = 120;
  EXPECT_EQ(KeptPart(Compare("s", CompareOp::kEqual, 130), facts), 0);
}

TEST(KeptPartTest, HistogramsOfTexts) {
  const FactsByPath facts{
      {"t", WithQuantiles({std::string("a"), std::string("f"), std::string("m"), std::string("t"), std::string("z")}, 1)}};
  SkippingNode below = Compare("t", CompareOp::kLess, 0);
  below.column.type = {types::TypeKind::kString};
  below.literals = {types::Value{below.column.type, std::string("b")}};
  EXPECT_LT(KeptPart(below, facts), 0.26);
  below.literals = {types::Value{below.column.type, std::string("u")}};
  EXPECT_GT(KeptPart(below, facts), 0.74);
}

TEST(KeptPartTest, ColumnsWithoutNullsHaveNone) {
  SkippingNode is_null = Compare("a", CompareOp::kEqual, 0);
  is_null.kind = NodeKind::kIsNull;
  is_null.literals.clear();
  EXPECT_EQ(KeptPart(is_null, kFacts), 0);
  is_null.column.physical_path = "b";
  EXPECT_GT(KeptPart(is_null, kFacts), 0);
}

}  // namespace
}  // namespace levee::query
