// A constant as a value of a column's type, without losing on which side of it each value lies.
#pragma once

#include "base/status.h"
#include "expr/ast.h"
#include "expr/fold.h"

namespace levee::expr {

enum class FitKind : std::uint8_t {
  kExact,         // the constant is `value`
  kBetween,       // it lies between `value` and `next`, which have no value of the type between them
  kBelow,         // below every value of the type
  kAbove,         // above every value of the type
  kInexactFloat,  // `value` is the constant as a double, `next` as a float: engines differ in which they
                  // compare
  kNull,
  kUnknown,  // what a comparison with it yields cannot be said (NaN, a double beyond exact integers)
};

struct LiteralFit {
  FitKind kind = FitKind::kUnknown;
  types::PhysicalValue value;
  types::PhysicalValue next;
};

// Error when the constant is not comparable with the column, e.g. a text that is no date.
Result<LiteralFit> FitLiteral(const Constant& constant, const ColumnRef& column, const FoldContext& context);

// The constant's own comparison: -1, 0, 1, or empty (NULL) when either is NULL.
Result<std::optional<int>> CompareConstants(const Constant& a, const Constant& b, const FoldContext& context);

}  // namespace levee::expr
