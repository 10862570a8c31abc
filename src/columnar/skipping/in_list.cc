// column IN (...) and NOT IN (...); the literals are sorted and distinct.
#include <algorithm>
#include <cmath>

#include "columnar/skipping/leaves.h"
#include "columnar/skipping/row_filter.h"

namespace levee::columnar::skipping {
namespace {

template <typename T>
std::vector<T> Literals(const expr::SkippingNode& node) {
  std::vector<T> literals;
  literals.reserve(node.literals.size());
  for (const types::Value& literal : node.literals) literals.push_back(LiteralAs<T>(literal));
  return literals;
}

// NaN sorts last.
template <typename T>
bool EndsInNan(const std::vector<T>& literals) {
  if constexpr (std::is_same_v<T, double>) return std::isnan(literals.back());
  return false;
}

// Whether some literal may be among the row's values.
template <typename T>
bool MayHoldOne(const TypedBounds<T>& bounds, std::size_t row, const std::vector<T>& literals) {
  auto first = literals.begin();
  if (bounds.LowerKnown(row)) first = std::lower_bound(first, literals.end(), bounds.Lower(row));
  return first != literals.end() && bounds.MayBeAtLeast(row, *first);
}

// Whether every value that the row may hold is a literal. Beyond the literals of an exact row only
// whole numbers can be counted.
template <typename T>
bool HoldsOnly(const TypedBounds<T>& bounds, std::size_t row, const std::vector<T>& literals) {
  if (bounds.IsExact(row)) return std::binary_search(literals.begin(), literals.end(), bounds.Lower(row));
  if constexpr (std::is_same_v<T, std::int64_t>) {
    if (!bounds.LowerKnown(row) || !bounds.UpperKnown(row) || bounds.Lower(row) > bounds.Reach(row))
      return false;
    const auto first = std::lower_bound(literals.begin(), literals.end(), bounds.Lower(row));
    const auto last = std::upper_bound(first, literals.end(), bounds.Reach(row));
    const std::uint64_t others =
        static_cast<std::uint64_t>(bounds.Reach(row)) - static_cast<std::uint64_t>(bounds.Lower(row));
    return last != first && static_cast<std::uint64_t>(last - first) - 1 == others;
  }
  return false;
}

}  // namespace

void FilterIn(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates) {
  VisitBounds(bounds, [&]<typename T>(const TypedBounds<T>& typed) {
    const std::vector<T> literals = Literals<T>(node);
    if (EndsInNan(literals)) return;
    KeepAtMost(typed, literals.back(), candidates);
    KeepAtLeast(typed, literals.front(), candidates);
    if (literals.size() == 1) return;
    FilterRows(candidates, [&](std::size_t row) { return MayHoldOne(typed, row, literals); });
  });
}

void FilterNotIn(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates) {
  VisitBounds(bounds, [&]<typename T>(const TypedBounds<T>& typed) {
    std::vector<T> literals = Literals<T>(node);
    // No bound is exact and NaN at once.
    if (EndsInNan(literals)) literals.pop_back();
    if (literals.empty()) return;
    RowsInside(typed, literals.front(), literals.back(), candidates).ForEach([&](std::size_t row) {
      if (HoldsOnly(typed, row, literals)) candidates.Clear(row);
    });
  });
}

}  // namespace levee::columnar::skipping
