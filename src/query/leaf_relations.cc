#include "query/leaf_relations.h"

#include <algorithm>

#include "expr/leaves.h"
#include "expr/simplify.h"

namespace levee::query {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;

int Order(const types::Value& a, const types::Value& b) {
  return types::ComparePhysical(a.physical, b.physical);
}

bool Less(const types::Value& a, const types::Value& b) { return Order(a, b) < 0; }

bool InList(const SkippingNode& list, const types::Value& value) {
  return std::ranges::binary_search(list.literals, value, Less);
}

// One literal's type can differ from another's only if a rule mixed columns up: then nothing is known.
bool Comparable(const SkippingNode& a, const SkippingNode& b) {
  return a.literals[0].physical.index() == b.literals[0].physical.index();
}

// x OP a implies x OP' b, of two ranges that are open to one side, or of an inequality.
bool RangeImplies(CompareOp a, CompareOp b, int order) {
  switch (a) {
    case CompareOp::kLess:
      return order <= 0 && (b == CompareOp::kLess || b == CompareOp::kLessEqual || b == CompareOp::kNotEqual);
    case CompareOp::kLessEqual:
      return b == CompareOp::kLessEqual ? order <= 0
                                        : order < 0 && (b == CompareOp::kLess || b == CompareOp::kNotEqual);
    case CompareOp::kGreater:
      return order >= 0 &&
             (b == CompareOp::kGreater || b == CompareOp::kGreaterEqual || b == CompareOp::kNotEqual);
    case CompareOp::kGreaterEqual:
      return b == CompareOp::kGreaterEqual
                 ? order >= 0
                 : order > 0 && (b == CompareOp::kGreater || b == CompareOp::kNotEqual);
    default: return false;
  }
}

bool IsEquality(const SkippingNode& leaf) {
  return leaf.kind == NodeKind::kIn || (leaf.kind == NodeKind::kCompare && leaf.op == CompareOp::kEqual);
}

// x < a and x > b for a <= b and the like.
bool RangesExclude(CompareOp a, CompareOp b, int order) {
  const auto below = [](CompareOp op) { return op == CompareOp::kLess || op == CompareOp::kLessEqual; };
  const auto above = [](CompareOp op) { return op == CompareOp::kGreater || op == CompareOp::kGreaterEqual; };
  const bool strict =
      a == CompareOp::kLess || a == CompareOp::kGreater || b == CompareOp::kLess || b == CompareOp::kGreater;
  if (below(a) && above(b)) return order < 0 || (order == 0 && strict);
  if (above(a) && below(b)) return order > 0 || (order == 0 && strict);
  return false;
}

}  // namespace

bool RejectsNull(const SkippingNode& leaf) {
  switch (leaf.kind) {
    case NodeKind::kCompare:
    case NodeKind::kIn:
    case NodeKind::kNotIn:
    case NodeKind::kIsNotNull:
    case NodeKind::kLike:
    case NodeKind::kNotLike: return true;
    default: return false;
  }
}

bool ComparesValues(const SkippingNode& leaf) {
  const bool compares =
      leaf.kind == NodeKind::kCompare || leaf.kind == NodeKind::kIn || leaf.kind == NodeKind::kNotIn;
  return compares && !leaf.literals.empty();
}

bool Holds(const SkippingNode& leaf, const types::Value& value) {
  if (leaf.kind == NodeKind::kCompare) return expr::HoldsOrder(leaf.op, Order(value, leaf.literals[0]));
  return InList(leaf, value) == (leaf.kind == NodeKind::kIn);
}

bool Implies(const SkippingNode& a, const SkippingNode& b) {
  const bool same_column =
      !a.column.physical_path.empty() && a.column.physical_path == b.column.physical_path;
  if (same_column && b.kind == NodeKind::kIsNotNull && RejectsNull(a)) return true;
  if (same_column && ComparesValues(a) && ComparesValues(b) && Comparable(a, b)) {
    if (IsEquality(a))
      return std::ranges::all_of(a.literals, [&](const auto& value) { return Holds(b, value); });
    if (a.kind == NodeKind::kCompare && b.kind == NodeKind::kCompare) {
      const int order = Order(a.literals[0], b.literals[0]);
      return (a.op == b.op && order == 0) || RangeImplies(a.op, b.op, order);
    }
  }
  return expr::EqualNodes(a, b);
}

bool Excludes(const SkippingNode& a, const SkippingNode& b) {
  if (a.column.physical_path.empty() || a.column.physical_path != b.column.physical_path) return false;
  if (a.kind == NodeKind::kIsNull) return RejectsNull(b);
  if (b.kind == NodeKind::kIsNull) return RejectsNull(a);
  if (!ComparesValues(a) || !ComparesValues(b) || !Comparable(a, b)) return false;
  const auto none_holds = [](const SkippingNode& list, const SkippingNode& leaf) {
    return std::ranges::none_of(list.literals, [&](const auto& value) { return Holds(leaf, value); });
  };
  if (IsEquality(a)) return none_holds(a, b);
  if (IsEquality(b)) return none_holds(b, a);
  if (a.kind != NodeKind::kCompare || b.kind != NodeKind::kCompare) return false;
  return RangesExclude(a.op, b.op, Order(a.literals[0], b.literals[0]));
}

bool IsFloating(const expr::ColumnRef& column) {
  return types::PhysicalTypeOf(column.type) == types::PhysicalType::kDouble;
}

SkippingNode EqualsOneOf(const expr::ColumnRef& column, std::vector<types::Value> values) {
  SkippingNode node{.kind = values.size() == 1 ? NodeKind::kCompare : NodeKind::kIn, .column = column};
  node.literals = std::move(values);
  return node;
}

}  // namespace levee::query
