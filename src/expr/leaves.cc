#include "expr/leaves.h"

#include <algorithm>

namespace levee::expr {
namespace {

SkippingNode Comparison(const ColumnRef& column, CompareOp op, const types::PhysicalValue& value) {
  SkippingNode node{.kind = NodeKind::kCompare, .op = op, .column = column};
  // "Not TRUE" of a boolean is "FALSE", which prunes.
  if (column.type.kind == types::TypeKind::kBoolean && op == CompareOp::kNotEqual) {
    node.op = CompareOp::kEqual;
    node.literals.push_back({column.type, std::int64_t{1} - std::get<std::int64_t>(value)});
  } else {
    node.literals.push_back({column.type, value});
  }
  return node;
}

bool IsLess(CompareOp op) { return op == CompareOp::kLess || op == CompareOp::kLessEqual; }
bool IsGreater(CompareOp op) { return op == CompareOp::kGreater || op == CompareOp::kGreaterEqual; }

// Never NULL but for a NULL in the column.
SkippingNode NonNullTruth(const ColumnRef& column, bool truth) {
  return truth ? NotNullNode(column) : Constantly(false);
}

SkippingNode MatchBetween(const ColumnRef& column, CompareOp op, const LiteralFit& fit) {
  if (IsLess(op)) return Comparison(column, CompareOp::kLessEqual, fit.value);
  if (IsGreater(op)) return Comparison(column, CompareOp::kGreaterEqual, fit.next);
  return NonNullTruth(column, op == CompareOp::kNotEqual);
}

// Either of the two values may be the one that is compared: the union of both.
SkippingNode MatchInexactFloat(const ColumnRef& column, CompareOp op, const LiteralFit& fit) {
  if (op == CompareOp::kNotEqual) return NotNullNode(column);
  const double lower = std::min(std::get<double>(fit.value), std::get<double>(fit.next));
  const double upper = std::max(std::get<double>(fit.value), std::get<double>(fit.next));
  if (IsLess(op)) return Comparison(column, op, upper);
  if (IsGreater(op)) return Comparison(column, op, lower);
  std::vector<SkippingNode> both;
  both.push_back(Comparison(column, op, fit.value));
  both.push_back(Comparison(column, op, fit.next));
  return MakeOr(std::move(both));
}

// The rows for which column OP literal is TRUE.
SkippingNode Match(const ColumnRef& column, CompareOp op, const LiteralFit& fit) {
  switch (fit.kind) {
    case FitKind::kExact: return Comparison(column, op, fit.value);
    case FitKind::kBetween: return MatchBetween(column, op, fit);
    case FitKind::kBelow: return NonNullTruth(column, IsGreater(op) || op == CompareOp::kNotEqual);
    case FitKind::kAbove: return NonNullTruth(column, IsLess(op) || op == CompareOp::kNotEqual);
    case FitKind::kInexactFloat: return MatchInexactFloat(column, op, fit);
    case FitKind::kNull: return Constantly(false);
    case FitKind::kUnknown: break;
  }
  return Constantly(true);
}

SkippingNode ColumnsNode(const ColumnRef& a, CompareOp op, const ColumnRef& b) {
  // A column against itself is decided, but for floating point, where engines differ on NaN.
  const bool floating = types::PhysicalTypeOf(a.type) == types::PhysicalType::kDouble;
  if (a.physical_path == b.physical_path && !floating) {
    const bool truth =
        op == CompareOp::kEqual || op == CompareOp::kLessEqual || op == CompareOp::kGreaterEqual;
    return NonNullTruth(a, truth);
  }
  return {.kind = NodeKind::kCompareColumns, .op = op, .column = a, .other = b};
}

// kIn or kNotIn of a sorted, distinct list; simpler nodes for none and one.
SkippingNode ListNode(const ColumnRef& column, bool in, const std::vector<types::Value>& values) {
  if (values.empty()) return NonNullTruth(column, !in);
  if (values.size() == 1) {
    return Comparison(column, in ? CompareOp::kEqual : CompareOp::kNotEqual, values[0].physical);
  }
  SkippingNode node{.kind = in ? NodeKind::kIn : NodeKind::kNotIn, .column = column};
  node.literals = values;
  return node;
}

void SortDistinct(std::vector<types::Value>& values) {
  const auto order = [](const types::Value& a, const types::Value& b) {
    return types::ComparePhysical(a.physical, b.physical);
  };
  const auto less = [&](const types::Value& a, const types::Value& b) { return order(a, b) < 0; };
  if (!std::ranges::is_sorted(values, less)) std::ranges::sort(values, less);
  const auto repeats =
      std::ranges::unique(values, [&](const auto& a, const auto& b) { return order(a, b) == 0; });
  values.erase(repeats.begin(), repeats.end());
}

}  // namespace

CompareOp Negated(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual: return CompareOp::kNotEqual;
    case CompareOp::kNotEqual: return CompareOp::kEqual;
    case CompareOp::kLess: return CompareOp::kGreaterEqual;
    case CompareOp::kLessEqual: return CompareOp::kGreater;
    case CompareOp::kGreater: return CompareOp::kLessEqual;
    case CompareOp::kGreaterEqual: return CompareOp::kLess;
  }
  return op;
}

CompareOp Flipped(CompareOp op) {
  switch (op) {
    case CompareOp::kLess: return CompareOp::kGreater;
    case CompareOp::kLessEqual: return CompareOp::kGreaterEqual;
    case CompareOp::kGreater: return CompareOp::kLess;
    case CompareOp::kGreaterEqual: return CompareOp::kLessEqual;
    default: return op;
  }
}

bool HoldsOrder(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kEqual: return order == 0;
    case CompareOp::kNotEqual: return order != 0;
    case CompareOp::kLess: return order < 0;
    case CompareOp::kLessEqual: return order <= 0;
    case CompareOp::kGreater: return order > 0;
    case CompareOp::kGreaterEqual: return order >= 0;
  }
  return false;
}

SkippingNode NullNode(const ColumnRef& column) { return {.kind = NodeKind::kIsNull, .column = column}; }
SkippingNode NotNullNode(const ColumnRef& column) { return {.kind = NodeKind::kIsNotNull, .column = column}; }

SkippingNode TruthLeaf(Want want, std::optional<bool> truth) {
  return Select(
      want, [&] { return Constantly(truth == true); }, [&] { return Constantly(truth == false); },
      [&] { return Constantly(!truth.has_value()); });
}

SkippingNode UnknownLeaf() { return Constantly(true); }

SkippingNode CompareLeaf(Want want, const ColumnRef& column, CompareOp op, const LiteralFit& fit) {
  if (fit.kind == FitKind::kUnknown) return UnknownLeaf();
  return Select(
      want, [&] { return Match(column, op, fit); }, [&] { return Match(column, Negated(op), fit); },
      [&] { return fit.kind == FitKind::kNull ? Constantly(true) : NullNode(column); });
}

SkippingNode ColumnsLeaf(Want want, const ColumnRef& a, CompareOp op, const ColumnRef& b) {
  return Select(
      want, [&] { return ColumnsNode(a, op, b); }, [&] { return ColumnsNode(a, Negated(op), b); },
      [&] { return MakeOr({NullNode(a), NullNode(b)}); });
}

SkippingNode InLeaf(Want want, const ColumnRef& column, const std::vector<LiteralFit>& fits) {
  std::vector<types::Value> equal;    // what the column may equal
  std::vector<types::Value> certain;  // what it then surely equals
  bool has_null = false;
  bool all_certain = true;
  equal.reserve(fits.size());
  for (const LiteralFit& fit : fits) {
    if (fit.kind == FitKind::kUnknown) return UnknownLeaf();
    has_null |= fit.kind == FitKind::kNull;
    if (fit.kind != FitKind::kExact && fit.kind != FitKind::kInexactFloat) continue;
    equal.push_back({column.type, fit.value});
    if (fit.kind == FitKind::kExact) continue;
    all_certain = false;
    equal.push_back({column.type, fit.next});
  }
  if (!all_certain) {
    for (const LiteralFit& fit : fits) {
      if (fit.kind == FitKind::kExact) certain.push_back({column.type, fit.value});
    }
    SortDistinct(certain);
  }
  SortDistinct(equal);
  const auto not_in = [&] { return ListNode(column, false, all_certain ? equal : certain); };
  return Select(
      want, [&] { return ListNode(column, true, equal); },
      // A NULL in the list makes NULL of what would be FALSE.
      [&] { return has_null ? Constantly(false) : not_in(); },
      [&] { return has_null ? MakeOr({NullNode(column), not_in()}) : NullNode(column); });
}

}  // namespace levee::expr
