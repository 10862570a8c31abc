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
