#include "store/sql/compaction_plan.h"

#include <algorithm>

namespace levee::store {
namespace {

constexpr std::size_t kTailCommitsMax = 64;
constexpr std::int64_t kTailRowsMax = 4096;
constexpr std::int64_t kSmallSegmentRows = 16'384;
constexpr std::size_t kSmallHistoryMax = 64;     // micro segments of history

struct Sizes {
  std::size_t tail_segments = 0, removal_segments = 0, history_micros = 0, active_micros = 0;
  std::int64_t tail_rows = 0, active_rows = 0, history_rows = 0;
};

Sizes Measure(const Layout& layout) {
  Sizes sizes;
  for (const SegmentInfo& info : layout.micros) {
    switch (info.kind) {
      case SegmentKind::kTail:
        ++sizes.tail_segments;
        sizes.tail_rows += info.rows;
        sizes.active_rows += info.rows;
        break;
      case SegmentKind::kActive:
        ++sizes.active_micros;
        sizes.active_rows += info.rows;
        break;
      case SegmentKind::kHistory:
        ++sizes.history_micros;
        sizes.history_rows += info.rows;
        break;
      case SegmentKind::kRemovals: ++sizes.removal_segments; break;
      case SegmentKind::kTombstones: break;
    }
  }
  return sizes;
}

std::size_t EndedRows(const Layout& layout, std::size_t item) {
  const auto& removals = layout.segment_removals[item];
  return removals == nullptr ? 0 : removals->size();
}

class Planner {
 public:
  Planner(const Layout& layout, bool force, std::int64_t rows_max)
      : layout_(layout), force_(force), rows_max_(rows_max), sizes_(Measure(layout)) {}

  CompactionPlan Plan() {
    const bool long_tail = sizes_.tail_segments > kTailCommitsMax || sizes_.tail_rows > kTailRowsMax ||
                           sizes_.removal_segments > kTailCommitsMax;
    const bool merge_active = long_tail || (force_ && (sizes_.tail_segments > 0 || sizes_.active_micros > 1));
    const bool merge_history = sizes_.history_micros > (force_ ? 1 : kSmallHistoryMax);
    for (std::size_t i = 0; i < layout_.groups.size(); ++i) {
      const bool history = layout_.groups[i]->history;
      const bool ended = force_ && layout_.group_removals[i] != nullptr;
      if (history ? merge_history : merge_active || ended) Take(plan_.groups, i, Rows(*layout_.groups[i]));
    }
    // Ends stand in a group as a whole or not at all: a group is all of its segments.
    TakeWornSegments();
    if (merge_active) TakeSmallSegments(SegmentKind::kActive, sizes_.active_rows);
    if (merge_history) TakeSmallSegments(SegmentKind::kHistory, sizes_.history_rows);
    std::sort(plan_.segments.begin(), plan_.segments.end());
    plan_.merge_removals = sizes_.removal_segments > (force_ ? 1 : kTailCommitsMax);
    return plan_;
  }

 private:
  static std::int64_t Rows(const RowGroup& group) { return static_cast<std::int64_t>(group.places.size()); }

  bool Take(std::vector<std::size_t>& list, std::size_t index, std::int64_t rows) {
    if (rows_ > 0 && rows_ + rows > rows_max_) {
      plan_.complete = false;
      return false;
    }
    rows_ += rows;
    list.push_back(index);
    return true;
  }

  // Segments of which more than a quarter has ended; when forced, of which anything has.
  void TakeWornSegments() {
    for (std::size_t i = 0; i < layout_.segments->items.size(); ++i) {
      const SegmentInfo& info = layout_.segments->items[i].info;
      const auto ended = static_cast<std::int64_t>(EndedRows(layout_, i));
      if (ended > 0 && (force_ || ended * 4 > info.rows)) Take(plan_.segments, i, info.rows);
    }
  }

  // Merges into ever larger ones, so that each entry is rewritten a logarithmic number of times.
  void TakeSmallSegments(SegmentKind kind, std::int64_t rows) {
    std::vector<std::size_t> small;
    for (std::size_t i = 0; i < layout_.segments->items.size(); ++i) {
      const SegmentInfo& info = layout_.segments->items[i].info;
      const bool taken = std::find(plan_.segments.begin(), plan_.segments.end(), i) != plan_.segments.end();
      if (info.kind == kind && info.rows < kSmallSegmentRows && !taken) small.push_back(i);
    }
    const auto rows_of = [&](std::size_t i) { return layout_.segments->items[i].info.rows; };
    std::sort(small.begin(), small.end(), [&](std::size_t a, std::size_t b) { return rows_of(a) < rows_of(b); });
    for (const std::size_t i : small) {
      if (rows_of(i) > 2 * rows) break;
      if (!Take(plan_.segments, i, rows_of(i))) break;
      rows += rows_of(i);
    }
  }

  const Layout& layout_;
  const bool force_;
  const std::int64_t rows_max_;
  const Sizes sizes_;
  CompactionPlan plan_;
  std::int64_t rows_ = 0;
};

}  // namespace

CompactionPlan PlanCompaction(const Layout& layout, bool force, std::int64_t rows_max) {
  return Planner(layout, force, rows_max).Plan();
}

}  // namespace levee::store
