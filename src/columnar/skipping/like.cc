// column LIKE pattern and NOT LIKE.
#include "columnar/like_pattern.h"
#include "columnar/skipping/leaves.h"
#include "columnar/skipping/row_filter.h"

namespace levee::columnar::skipping {

void FilterLike(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates) {
  if (bounds.physical != types::PhysicalType::kString) return;
  const TypedBounds<std::string_view> typed(bounds.lower, bounds.upper, bounds.rule);
  const LikePattern pattern(node.literals[0].as_string());
  const std::string_view prefix = pattern.prefix();
  FilterRows(candidates, [&](std::size_t row) {
    if (typed.IsExact(row)) return pattern.Matches(typed.Lower(row));
    if (pattern.is_exact()) return typed.MayBeAtMost(row, prefix) && typed.MayBeAtLeast(row, prefix);
    // Some string that begins with the prefix must lie between the bounds.
    const bool above_lower = !typed.LowerKnown(row) || typed.Lower(row).substr(0, prefix.size()) <= prefix;
    return above_lower && typed.MayBeAtLeast(row, prefix);
  });
}

void FilterNotLike(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates) {
  if (bounds.physical != types::PhysicalType::kString) return;
  const TypedBounds<std::string_view> typed(bounds.lower, bounds.upper, bounds.rule);
  const LikePattern pattern(node.literals[0].as_string());
  const std::string_view prefix = pattern.prefix();
  if (prefix.empty() && pattern.is_prefix_only()) {  // '%': matches every text
    candidates = Bitmap(candidates.size());
    return;
  }
  FilterRows(candidates, [&](std::size_t row) {
    if (typed.IsExact(row)) return !pattern.Matches(typed.Lower(row));
    // What lies between two texts with one prefix, or goes on from the upper one, has it too.
    const bool all_match = pattern.is_prefix_only() && typed.LowerKnown(row) && typed.UpperKnown(row) &&
                           typed.Lower(row).starts_with(prefix) && typed.Upper(row).starts_with(prefix);
    return !all_match;
  });
}

}  // namespace levee::columnar::skipping
