// Decides what a compaction rewrites.
#pragma once

#include <cstdint>
#include <vector>

#include "store/sql/layout.h"

namespace levee::store {

struct CompactionPlan {
  std::vector<std::size_t> segments;  // items of layout.segments
  std::vector<std::size_t> groups;    // groups of layout; all or none of each kind
  bool merge_removals = false;        // the removals that stay are put into one segment
  bool complete = true;               // false: the bound on rows was met, and more could be rewritten

  bool empty() const { return segments.empty() && groups.empty() && !merge_removals; }
};

// What one compaction holds in memory at most, and at least: a segment is rewritten as a whole.
inline constexpr std::int64_t kCompactionRowsMax = 4 * 65'536, kCompactionRowsLeast = 65'536;

// Without `force`, only what pays: a long tail, segments with many ended entries, many small segments. About
// `rows_max` rows, unless a single segment or group has more.
CompactionPlan PlanCompaction(const Layout& layout, bool force, std::int64_t rows_max = kCompactionRowsMax);

}  // namespace levee::store
