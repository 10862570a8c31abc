// column OP other column, of one type.
#include "columnar/skipping/leaves.h"
#include "columnar/skipping/row_filter.h"

namespace levee::columnar::skipping {
namespace {

// Whether a value of `a` may be below (or at most) one of `b`: its least against the other's greatest.
template <typename T>
bool MayBeBelow(const TypedBounds<T>& a, const TypedBounds<T>& b, std::size_t row) {
  return !a.LowerKnown(row) || b.MayBeAbove(row, a.Lower(row));
}
template <typename T>
bool MayBeAtMost(const TypedBounds<T>& a, const TypedBounds<T>& b, std::size_t row) {
  return !a.LowerKnown(row) || b.MayBeAtLeast(row, a.Lower(row));
}

template <typename T>
bool MayMatch(expr::CompareOp op, const TypedBounds<T>& a, const TypedBounds<T>& b, std::size_t row) {
  switch (op) {
    case expr::CompareOp::kEqual: return MayBeAtMost(a, b, row) && MayBeAtMost(b, a, row);
    case expr::CompareOp::kNotEqual:
      return !(a.IsExact(row) && b.IsExact(row) && a.Lower(row) == b.Lower(row));
    case expr::CompareOp::kLess: return MayBeBelow(a, b, row);
    case expr::CompareOp::kLessEqual: return MayBeAtMost(a, b, row);
    case expr::CompareOp::kGreater: return MayBeBelow(b, a, row);
    case expr::CompareOp::kGreaterEqual: return MayBeAtMost(b, a, row);
  }
  return true;
}

}  // namespace

void FilterCompareColumns(const expr::SkippingNode& node, const ColumnBounds& left, const ColumnBounds& right,
                          Bitmap& candidates) {
  if (left.physical != right.physical) return;
  VisitBounds(left, [&]<typename T>(const TypedBounds<T>& a) {
    const TypedBounds<T> b(right.lower, right.upper, right.rule);
    FilterRows(candidates, [&](std::size_t row) { return MayMatch(node.op, a, b, row); });
  });
}

}  // namespace levee::columnar::skipping
