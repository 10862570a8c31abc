// column OP literal.
#include <cmath>

#include "columnar/skipping/leaves.h"
#include "columnar/skipping/row_filter.h"
#include "columnar/skipping/steps.h"

namespace levee::columnar::skipping {
namespace {

template <typename T>
void KeepBelow(const TypedBounds<T>& bounds, T value, Bitmap& candidates) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    FilterRows(candidates, [&](std::size_t row) { return bounds.MayBeBelow(row, value); });
  } else {
    StepDown(value) ? KeepAtMost(bounds, value, candidates) : void(candidates = Bitmap(candidates.size()));
  }
}

template <typename T>
void KeepAbove(const TypedBounds<T>& bounds, T value, Bitmap& candidates) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    FilterRows(candidates, [&](std::size_t row) { return bounds.MayBeAbove(row, value); });
  } else {
    StepUp(value) ? KeepAtLeast(bounds, value, candidates) : void(candidates = Bitmap(candidates.size()));
  }
}

// Drops the rows whose every value is `value`.
template <typename T>
void DropAllEqual(const TypedBounds<T>& bounds, T value, Bitmap& candidates) {
  RowsInside(bounds, value, value, candidates).ForEach([&](std::size_t row) {
    if (bounds.IsExact(row) && bounds.Lower(row) == value) candidates.Clear(row);
  });
}

template <typename T>
void Filter(expr::CompareOp op, const TypedBounds<T>& bounds, T value, Bitmap& candidates) {
  // Bounds say nothing about NaN, which is above them all.
  if constexpr (std::is_same_v<T, double>) {
    if (std::isnan(value)) return;
  }
  switch (op) {
    case expr::CompareOp::kEqual:
      KeepAtMost(bounds, value, candidates);
      return KeepAtLeast(bounds, value, candidates);
    case expr::CompareOp::kNotEqual: return DropAllEqual(bounds, value, candidates);
    case expr::CompareOp::kLess: return KeepBelow(bounds, value, candidates);
    case expr::CompareOp::kLessEqual: return KeepAtMost(bounds, value, candidates);
    case expr::CompareOp::kGreater: return KeepAbove(bounds, value, candidates);
    case expr::CompareOp::kGreaterEqual: return KeepAtLeast(bounds, value, candidates);
  }
}

}  // namespace

void FilterCompare(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates) {
  VisitBounds(bounds, [&]<typename T>(const TypedBounds<T>& typed) {
    Filter(node.op, typed, LiteralAs<T>(node.literals[0]), candidates);
  });
}

}  // namespace levee::columnar::skipping
