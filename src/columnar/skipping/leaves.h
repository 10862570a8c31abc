// The leaves of a skipping predicate, each dropping candidates that provably have no matching row.
//
// The caller has already dropped the rows whose files hold no value at all of the column.
#pragma once

#include "base/bitmap.h"
#include "columnar/skipping/typed_bounds.h"
#include "expr/skipping.h"

namespace levee::columnar::skipping {

// The bounds of one column, of any type.
struct ColumnBounds {
  const ColumnVector* lower = nullptr;
  const ColumnVector* upper = nullptr;
  types::PhysicalType physical = types::PhysicalType::kInt64;
  UpperRule rule = UpperRule::kExact;
};

void FilterCompare(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates);
void FilterIn(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates);
void FilterNotIn(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates);
void FilterLike(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates);
void FilterNotLike(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates);
void FilterCompareColumns(const expr::SkippingNode& node, const ColumnBounds& left, const ColumnBounds& right,
                          Bitmap& candidates);

// Whichever of these the leaf is that compares with literals.
void FilterLeaf(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates);

// Calls visit(TypedBounds<T>) with the T of the physical type.
template <typename Visit>
void VisitBounds(const ColumnBounds& bounds, Visit&& visit) {
  switch (bounds.physical) {
    case types::PhysicalType::kInt64:
      return visit(TypedBounds<std::int64_t>(bounds.lower, bounds.upper, bounds.rule));
    case types::PhysicalType::kDouble:
      return visit(TypedBounds<double>(bounds.lower, bounds.upper, bounds.rule));
    case types::PhysicalType::kString:
      return visit(TypedBounds<std::string_view>(bounds.lower, bounds.upper, bounds.rule));
  }
}

}  // namespace levee::columnar::skipping
