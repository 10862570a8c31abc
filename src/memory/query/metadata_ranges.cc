#include "memory/query/metadata_ranges.h"

#include <limits>
#include <optional>
#include <utility>

#include "expr/leaves.h"
#include "memory/model/times.h"

namespace levee::memory {
namespace {

using expr::CompareOp;
using expr::Constant;
using expr::ConstantKind;
using expr::Expr;
using expr::ExprId;
using expr::ExprKind;

// The ends of a kind: comparisons hold within it alone.
SortValue LeastOf(ValueKind kind) {
  const bool number = kind == ValueKind::kNumber;
  return {kind, number ? -std::numeric_limits<long double>::infinity() : 0, {}};
}
ValueRange WholeKind(ValueKind kind) {
  return {.low = LeastOf(kind), .high = LeastOf(static_cast<ValueKind>(static_cast<int>(kind) + 1)), .low_open = false,
          .high_open = true};
}

std::optional<ValueRange> RangeOf(CompareOp op, const SortValue& value) {
  ValueRange range = WholeKind(value.kind);
  switch (op) {
    case CompareOp::kEqual: return PointOf(value);
    case CompareOp::kNotEqual: return std::nullopt;
    case CompareOp::kLess:
    case CompareOp::kLessEqual:
      range.high = value;
      range.high_open = op == CompareOp::kLess;
      return range;
    case CompareOp::kGreater:
    case CompareOp::kGreaterEqual:
      range.low = value;
      range.low_open = op == CompareOp::kGreater;
      return range;
  }
  return std::nullopt;
}

CompareOp Turned(CompareOp op) {
  switch (op) {
    case CompareOp::kLess: return CompareOp::kGreater;
    case CompareOp::kLessEqual: return CompareOp::kGreaterEqual;
    case CompareOp::kGreater: return CompareOp::kLess;
    case CompareOp::kGreaterEqual: return CompareOp::kLessEqual;
    default: return op;
  }
}

class Collector {
 public:
  explicit Collector(const expr::Ast& ast) : ast_(ast) {}

  ConditionRanges Collect() {
    ranges_.exact = Add(ast_.root);
    return std::move(ranges_);
  }

 private:
  const Expr& At(ExprId id) const { return ast_.exprs[static_cast<std::size_t>(id)]; }

  // Whether what was added says all that the part says.
  bool Add(ExprId id) {
    const Expr& expr = At(id);
    switch (expr.kind) {
      case ExprKind::kAnd: {
        bool exact = true;
        for (std::int32_t i = 0; i < expr.b; ++i) exact &= Add(ast_.lists[static_cast<std::size_t>(expr.a + i)]);
        return exact;
      }
      case ExprKind::kCompare: return AddComparison(expr);
      case ExprKind::kIn: return AddList(expr);
      case ExprKind::kIsNull: return AddPath(expr.a, {PointOf(MissingValue())});
      case ExprKind::kNot: {
        const Expr& inner = At(expr.a);
        return inner.kind == ExprKind::kIsNull && AddPath(inner.a, {Existing()});
      }
      default: return false;
    }
  }

  bool AddComparison(const Expr& expr) {
    const bool turned = At(expr.a).kind != ExprKind::kColumn;
    const std::optional<SortValue> value = ConstantAt(turned ? expr.a : expr.b);
    if (!value) return false;
    const auto range = RangeOf(turned ? Turned(expr.op) : expr.op, *value);
    return range && AddPath(turned ? expr.b : expr.a, {*range});
  }

  bool AddList(const Expr& expr) {
    std::vector<ValueRange> points;
    for (std::int32_t i = 0; i < expr.c; ++i) {
      const std::optional<SortValue> value = ConstantAt(ast_.lists[static_cast<std::size_t>(expr.b + i)]);
      if (!value) return false;
      points.push_back(PointOf(*value));
    }
    return AddPath(expr.a, std::move(points));
  }

  bool AddPath(ExprId id, std::vector<ValueRange> ranges) {
    const Expr& column = At(id);
    if (column.kind != ExprKind::kColumn) return false;
    ranges_.paths.push_back({ast_.columns[static_cast<std::size_t>(column.a)].path, std::move(ranges)});
    return true;
  }

  // Nothing: it is none, or NULL.
  std::optional<SortValue> ConstantAt(ExprId id) const {
    if (At(id).kind != ExprKind::kConstant) return std::nullopt;
    SortValue value = ValueOfConstant(ast_.constants[static_cast<std::size_t>(At(id).a)]);
    if (value.kind == ValueKind::kNull) return std::nullopt;
    return value;
  }

  const expr::Ast& ast_;
  ConditionRanges ranges_;
};

}  // namespace

SortValue ValueOfConstant(const Constant& constant) {
  switch (constant.kind) {
    case ConstantKind::kBoolean: return {ValueKind::kBoolean, constant.boolean ? 1.0L : 0.0L, {}};
    case ConstantKind::kNumber: {
      // Whole numbers exactly, others as the double that JSON would read.
      if (constant.number.scale == 0) return {ValueKind::kNumber, static_cast<long double>(constant.number.mantissa), {}};
      return {ValueKind::kNumber, expr::ToDouble(constant.number), {}};
    }
    case ConstantKind::kDouble: return {ValueKind::kNumber, constant.real, {}};
    case ConstantKind::kString: return {ValueKind::kText, 0, std::string(constant.text)};
    case ConstantKind::kTimestamp: return {ValueKind::kText, 0, TimeText(constant.integer)};
    case ConstantKind::kDate: {
      constexpr std::int64_t kDayMicros = 86'400'000'000;
      return {ValueKind::kText, 0, TimeText(constant.integer * kDayMicros).substr(0, 10)};
    }
    default: return {};
  }
}

ConditionRanges RangesOf(const expr::Ast& ast) { return Collector(ast).Collect(); }

}  // namespace levee::memory
