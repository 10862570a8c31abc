#include "store/sql/entry_selector.h"

#include <algorithm>

#include "base/cancellation.h"
#include "base/clock.h"
#include "metrics/metrics.h"
#include "store/sql/bounds.h"
#include "store/sql/segment_bounds.h"

namespace levee::store {
namespace {

using columnar::ColumnRole;
using columnar::kBlockRows;

// From so many segments on they are looked at before their blocks.
constexpr std::size_t kCoarseFrom = 4;
// Blocks to evaluate that take longer than waking a thread does, by far.
constexpr std::size_t kBlocksToShare = 128;

// Adds the time it lives to a counter.
class Timer {
 public:
  explicit Timer(std::int64_t& total) : total_(total), start_(SystemClock().MonotonicNanos()) {}
  ~Timer() { total_ += SystemClock().MonotonicNanos() - start_; }

 private:
  std::int64_t& total_;
  const std::int64_t start_;
};

// Numbers below `bound`, each once. Where they are many, marking them takes less than comparing them.
void SortRowNumbers(std::vector<std::uint32_t>& rows, std::size_t bound) {
  constexpr std::size_t kMarksARow = 64;
  if (rows.size() < bound / kMarksARow) {
    std::sort(rows.begin(), rows.end());
    return;
  }
  Bitmap marks(bound);
  for (const std::uint32_t row : rows) marks.Set(row);
  rows.clear();
  marks.ForEach([&](std::size_t row) { rows.push_back(static_cast<std::uint32_t>(row)); });
}

void AppendRows(const Bitmap& selected, std::uint32_t first_row, bool count_only, Selection& selection) {
  if (count_only) {
    selection.count += selected.Count();
    return;
  }
  selected.ForEach([&](std::size_t row) { selection.rows.push_back(first_row + static_cast<std::uint32_t>(row)); });
  selection.count = selection.rows.size();
}

}  // namespace

EntrySelector::EntrySelector(SegmentReader& reader, ReadSession& session, const Layout& layout,
                             const SelectorOptions& options)
    : reader_(reader),
      session_(session),
      layout_(layout),
      filter_(options.filter),
      predicate_(options.predicate),
      timezone_(options.timezone),
      ended_only_(options.ended_only),
      access_(options.access),
      last_segment_(layout.segments->items.size()) {
  if (predicate_ != nullptr && predicate_->kind == expr::NodeKind::kKeep) predicate_ = nullptr;
}

Result<bool> EntrySelector::Next(Selection& selection) { return NextSelection(false, selection); }

Result<std::int64_t> EntrySelector::CountRest() {
  std::int64_t count = 0;
  Selection selection;
  while (true) {
    LEVEE_ASSIGN(const bool more, NextSelection(true, selection));
    if (!more) return count;
    count += static_cast<std::int64_t>(selection.count);
  }
}

Status EntrySelector::Prepare() {
  if (prepared_) return {};
  prepared_ = true;
  if (predicate_ != nullptr && predicate_->kind == expr::NodeKind::kDrop) return {};
  ScanCounters& counters = session_.counters();
  counters.segments += static_cast<std::int64_t>(layout_.segments->items.size());
  counters.blocks += layout_.segments->blocks;
  for (const auto& group : layout_.groups) counters.tail_entries += static_cast<std::int64_t>(group->places.size());
  if (predicate_ == nullptr || layout_.segments->blocks == 0) return {};
  const Timer timer(counters.zone_ns);
  const metrics::Span span(metrics::Metric::kZoneMapsSpan);
  const SegmentSet& set = *layout_.segments;
  Bitmap segments(set.items.size());
  for (std::size_t i = 0; i < set.items.size(); ++i) {
    if (IsVisible(set.items[i].info, layout_.segment_removals[i].get())) segments.Set(i);
  }
  ZoneBounds zones(reader_, session_, *layout_.dictionary, set);
  if (set.items.size() >= kCoarseFrom) {
    SegmentBounds coarse(set, zones);
    LEVEE_ASSIGN(segments, columnar::EvaluateSkipping(*predicate_, coarse, &segments));
  }
  Bitmap candidates(set.blocks);
  segments.ForEach([&](std::size_t i) { candidates.SetRange(set.items[i].first_block, set.items[i].blocks); });
  LEVEE_ASSIGN(blocks_, columnar::EvaluateSkipping(*predicate_, zones, &candidates));
  LEVEE_ASSIGN(settled_, SettledParts::Find(*predicate_, zones, blocks_));
  return access_ == Access::kZones ? Status() : PrepareIndexes(segments);
}

Status EntrySelector::PrepareIndexes(const Bitmap& segments) {
  const SegmentSet& set = *layout_.segments;
  // One block costs no more than a block of an index.
  const std::size_t worth = access_ == Access::kIndex ? 1 : 2;
  Bitmap candidates(set.blocks);
  segments.ForEach([&](std::size_t i) {
    const SegmentSet::Item& item = set.items[i];
    const std::size_t last = item.first_block + item.blocks;
    const std::size_t first = blocks_.NextIn(item.first_block, last);
    const bool many = worth == 1 ? first < last : first < last && blocks_.NextIn(first + 1, last) < last;
    if (many) candidates.SetRange(item.first_block, item.blocks);
  });
  if (candidates.None()) return {};
  indexes_.emplace(reader_, session_, layout_, *predicate_, timezone_);
  if (indexes_->useful()) {
    LEVEE_RETURN_IF_ERROR(indexes_->Prepare(candidates));
    if (access_ == Access::kIndex || indexes_->Promises(blocks_)) return {};
  }
  indexes_.reset();
  return {};
}

std::vector<std::size_t> EntrySelector::WorthSharing() const {
  std::vector<std::size_t> segments;
  // An index leaves too little to share.
  if (predicate_ == nullptr || indexes_ || blocks_.Count() < kBlocksToShare) return segments;
  for (std::size_t i = 0; i < last_segment_; ++i) {
    const SegmentSet::Item& item = layout_.segments->items[i];
    if (blocks_.AnyIn(item.first_block, item.blocks)) segments.push_back(i);
  }
  return segments;
}

EntrySelector EntrySelector::OnSegment(ReadSession& session, std::size_t segment) const {
  EntrySelector part(reader_, session, layout_,
                     {.filter = filter_,
                      .predicate = predicate_,
                      .timezone = timezone_,
                      .ended_only = ended_only_,
                      .access = access_});
  part.prepared_ = true;
  part.blocks_ = blocks_;
  part.settled_ = settled_;
  part.next_segment_ = segment;
  part.last_segment_ = segment + 1;
  part.next_group_ = layout_.groups.size();
  return part;
}

void EntrySelector::LeaveSegments() {
  ScanCounters& counters = session_.counters();
  for (; next_segment_ < last_segment_; ++next_segment_) {
    const SegmentSet::Item& item = layout_.segments->items[next_segment_];
    if (blocks_.AnyIn(item.first_block, item.blocks)) continue;  // counted where it was evaluated
    ++counters.segments_skipped;
    counters.blocks_skipped += item.blocks;
  }
}

Result<bool> EntrySelector::NextSelection(bool count_only, Selection& selection) {
  if (predicate_ != nullptr && predicate_->kind == expr::NodeKind::kDrop) return false;
  LEVEE_RETURN_IF_ERROR(Prepare());
  while (true) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    selection.rows.clear();
    selection.count = 0;
    selection.all = false;
    if (predicate_ != nullptr) SkipSegments();
    if (next_segment_ < last_segment_) {
      LEVEE_RETURN_IF_ERROR(SelectSegment(next_segment_++, count_only, selection));
    } else if (next_group_ < layout_.groups.size()) {
      LEVEE_RETURN_IF_ERROR(SelectGroup(next_group_++, count_only, selection));
    } else {
      return false;
    }
    if (selection.count == 0) continue;
    session_.counters().entries_selected += static_cast<std::int64_t>(selection.count);
    return true;
  }
}

// In time that grows with the segments that are left, not with those that are there.
void EntrySelector::SkipSegments() {
  if (next_segment_ == last_segment_) return;
  const auto& items = layout_.segments->items;
  const std::uint32_t first = items[next_segment_].first_block;
  const std::uint32_t last = last_segment_ < items.size() ? items[last_segment_].first_block : layout_.segments->blocks;
  const auto block = blocks_.NextIn(first, last);
  std::size_t target = last_segment_;
  if (block < last) {
    const auto begin = items.begin() + static_cast<std::ptrdiff_t>(next_segment_);
    const auto end = items.begin() + static_cast<std::ptrdiff_t>(last_segment_);
    const auto after = std::upper_bound(begin, end, block,
                                        [](std::size_t at, const SegmentSet::Item& item) { return at < item.first_block; });
    target = static_cast<std::size_t>(after - items.begin()) - 1;
  }
  ScanCounters& counters = session_.counters();
  counters.segments_skipped += static_cast<std::int64_t>(target - next_segment_);
  counters.blocks_skipped += (target < last_segment_ ? items[target].first_block : last) - first;
  next_segment_ = target;
}

Status EntrySelector::SelectSegment(std::size_t index, bool count_only, Selection& selection) {
  const SegmentSet::Item& item = layout_.segments->items[index];
  const RemovalList* removals = layout_.segment_removals[index].get();
  ScanCounters& counters = session_.counters();
  selection.in_group = false;
  selection.index = index;
  if (!IsVisible(item.info, removals)) {
    ++counters.segments_skipped;
    counters.blocks_skipped += item.blocks;
    return {};
  }
  std::vector<std::uint32_t> blocks;
  if (predicate_ == nullptr) {
    const std::size_t ended = EndedIn(removals);
    if (SeesWhole(item.info) && (ended == 0 || count_only)) {
      selection.all = ended == 0;
      selection.count = static_cast<std::size_t>(item.info.rows) - ended;
      return {};
    }
    return SelectBlocks(index, {SegmentColumns::kWhole}, count_only, selection);
  }
  const std::size_t last_block = item.first_block + item.blocks;
  for (std::size_t block = blocks_.NextIn(item.first_block, last_block); block < last_block;
       block = blocks_.NextIn(block + 1, last_block)) {
    blocks.push_back(static_cast<std::uint32_t>(block) - item.first_block);
  }
  if (blocks.empty()) {
    ++counters.segments_skipped;
    counters.blocks_skipped += item.blocks;
    return {};
  }
  if (indexes_) {
    LEVEE_ASSIGN(auto found, indexes_->Find(index, blocks.size() * kBlockRows, access_));
    if (found) {
      counters.blocks_skipped += item.blocks;
      return SelectIndexed(index, std::move(*found), count_only, selection);
    }
  }
  counters.blocks_skipped += item.blocks - static_cast<std::int64_t>(blocks.size());
  // Where most blocks survive, one evaluation over the whole segment costs less than one a block.
  if (blocks.size() > item.blocks / 2) blocks = {SegmentColumns::kWhole};
  return SelectBlocks(index, blocks, count_only, selection);
}

Status EntrySelector::SelectBlocks(std::size_t index, const std::vector<std::uint32_t>& blocks, bool count_only,
                                   Selection& selection) {
  const SegmentSet::Item& item = layout_.segments->items[index];
  const SegmentInfo& info = item.info;
  const RemovalList* removals = layout_.segment_removals[index].get();
  const Timer timer(session_.counters().evaluate_ns);
  const metrics::Span span(metrics::Metric::kEvaluateSpan);
  for (const std::uint32_t block : blocks) {
    SegmentColumns columns(reader_, session_, *layout_.dictionary, info, block, Expect::kComparisons);
    const bool whole = block == SegmentColumns::kWhole;
    const auto first_row = whole ? 0 : static_cast<std::uint32_t>(block * kBlockRows);
    const expr::SkippingNode* rest = nullptr;
    if (predicate_ != nullptr) {
      rest = whole ? settled_.Rest(item.first_block, item.blocks) : settled_.Rest(item.first_block + block, 1);
    }
    if (SeesWhole(info) && removals == nullptr) {
      Bitmap selected;
      if (rest != nullptr) {
        LEVEE_ASSIGN(selected, Evaluate(*rest, columns, nullptr));
      } else {
        selected = Bitmap(columns.rows(), true);
      }
      AppendRows(selected, first_row, count_only, selection);
      continue;
    }
    LEVEE_ASSIGN(Bitmap selected, ValidRows(columns, info));
    if (removals != nullptr) ApplyRemovals(*removals, first_row, selected);
    if (selected.None()) continue;
    if (rest != nullptr) {
      LEVEE_ASSIGN(selected, Evaluate(*rest, columns, &selected));
    }
    AppendRows(selected, first_row, count_only, selection);
  }
  return {};
}

Status EntrySelector::SelectIndexed(std::size_t index, IndexedRows found, bool count_only, Selection& selection) {
  const Timer timer(session_.counters().evaluate_ns);
  const std::uint32_t first_block = layout_.segments->items[index].first_block;
  std::erase_if(found.open, [&](std::uint32_t row) { return !blocks_.Get(first_block + row / kBlockRows); });
  for (auto* rows : {&found.certain, &found.open}) {
    if (rows->empty()) continue;
    SortRowNumbers(*rows, static_cast<std::size_t>(layout_.segments->items[index].info.rows));
    LEVEE_ASSIGN(const Bitmap selected, SelectRows(index, *rows, rows == &found.open));
    selection.count += selected.Count();
    if (!count_only) selected.ForEach([&](std::size_t at) { selection.rows.push_back((*rows)[at]); });
  }
  if (!found.open.empty() && !found.certain.empty()) std::sort(selection.rows.begin(), selection.rows.end());
  return {};
}

Result<Bitmap> EntrySelector::SelectRows(std::size_t index, const std::vector<std::uint32_t>& rows, bool evaluate) {
  const SegmentInfo& info = layout_.segments->items[index].info;
  const RemovalList* removals = layout_.segment_removals[index].get();
  SegmentRows columns(reader_, session_, *layout_.dictionary, info, rows);
  Bitmap selected(rows.size(), true);
  if (!SeesWhole(info)) {
    LEVEE_ASSIGN(selected, ValidRows(columns, info));
  }
  if (removals != nullptr) {
    for (std::size_t at = 0; at < rows.size(); ++at) {
      const auto removal = std::lower_bound(removals->begin(), removals->end(), rows[at],
                                            [](const Removal& a, std::uint32_t row) { return a.row < row; });
      if (removal != removals->end() && removal->row == rows[at]) ApplyRemoval(*removal, at, selected);
    }
  }
  if (evaluate && !selected.None()) {
    LEVEE_ASSIGN(selected, Evaluate(*predicate_, columns, &selected));
  }
  return selected;
}

Status EntrySelector::SelectGroup(std::size_t index, bool count_only, Selection& selection) {
  const RowGroup& group = *layout_.groups[index];
  const RemovalList* removals = layout_.group_removals[index].get();
  selection.in_group = true;
  selection.index = index;
  if (!IsVisible(group, removals)) return {};
  const Timer timer(session_.counters().evaluate_ns);
  const metrics::Span span(metrics::Metric::kEvaluateSpan);
  Bitmap selected = ValidRows(group, removals);
  if (predicate_ != nullptr && !selected.None()) {
    GroupColumns columns(group);
    LEVEE_ASSIGN(selected, Evaluate(*predicate_, columns, &selected));
  }
  AppendRows(selected, 0, count_only, selection);
  return {};
}

Result<Bitmap> EntrySelector::Evaluate(const expr::SkippingNode& predicate, EntryColumns& columns,
                                       const Bitmap* valid) {
  session_.counters().entries_evaluated += static_cast<std::int64_t>(columns.rows());
  EntryBounds bounds(columns, timezone_);
  return columnar::EvaluateSkipping(predicate, bounds, valid);
}

bool EntrySelector::IsVisible(const SegmentInfo& info, const RemovalList* removals) const {
  if (filter_.kind == EntryFilter::Kind::kAlive) {
    return info.min_added <= filter_.version && info.max_removed > filter_.version;
  }
  if (!ended_only_ && info.max_added > filter_.after_version && info.min_added <= filter_.version) return true;
  if (info.kind == SegmentKind::kHistory && info.max_removed > filter_.after_version &&
      info.min_removed <= filter_.version) {
    return true;
  }
  return EndedIn(removals) > 0;
}

bool EntrySelector::IsVisible(const RowGroup& group, const RemovalList* removals) const {
  if (filter_.kind == EntryFilter::Kind::kAlive) {
    return group.min_added <= filter_.version && group.max_removed > filter_.version;
  }
  if (!ended_only_ && group.max_added > filter_.after_version && group.min_added <= filter_.version) return true;
  return group.history || EndedIn(removals) > 0;
}

bool EntrySelector::SeesWhole(const SegmentInfo& info) const {
  return filter_.kind == EntryFilter::Kind::kAlive && info.max_added <= filter_.version &&
         info.min_removed > filter_.version;
}

// Removals that take effect at the version, or in the window.
std::size_t EntrySelector::EndedIn(const RemovalList* removals) const {
  if (removals == nullptr) return 0;
  const bool alive = filter_.kind == EntryFilter::Kind::kAlive;
  return static_cast<std::size_t>(std::count_if(removals->begin(), removals->end(), [&](const Removal& removal) {
    return alive ? removal.version <= filter_.version : InWindow(removal.version);
  }));
}

void EntrySelector::ApplyRemovals(const RemovalList& removals, std::uint32_t first_row, Bitmap& valid) const {
  auto removal = std::lower_bound(removals.begin(), removals.end(), first_row,
                                  [](const Removal& a, std::uint32_t row) { return a.row < row; });
  for (; removal != removals.end() && removal->row - first_row < valid.size(); ++removal) {
    ApplyRemoval(*removal, removal->row - first_row, valid);
  }
}

void EntrySelector::ApplyRemoval(const Removal& removal, std::size_t at, Bitmap& valid) const {
  if (filter_.kind == EntryFilter::Kind::kAlive) {
    if (removal.version <= filter_.version) valid.Clear(at);
  } else if (InWindow(removal.version)) {
    valid.Set(at);
  }
}

Result<Bitmap> EntrySelector::ValidRows(EntryColumns& columns, const SegmentInfo& info) {
  const bool alive = filter_.kind == EntryFilter::Kind::kAlive;
  Bitmap valid(columns.rows(), alive);
  const bool look_at_added =
      alive ? info.max_added > filter_.version
            : !ended_only_ && info.max_added > filter_.after_version && info.min_added <= filter_.version;
  if (look_at_added) {
    LEVEE_ASSIGN(const auto added, ReadAs(columns, columnar::PlainKey(ColumnRole::kAddedVersion)));
    for (std::size_t row = 0; added != nullptr && row < columns.rows(); ++row) {
      if (!added->IsValid(row)) continue;
      if (alive) {
        if (added->ints[row] > filter_.version) valid.Clear(row);
      } else if (InWindow(added->ints[row])) {
        valid.Set(row);
      }
    }
  }
  if (info.kind == SegmentKind::kHistory) {
    LEVEE_ASSIGN(const auto removed, ReadAs(columns, columnar::PlainKey(ColumnRole::kRemovedVersion)));
    for (std::size_t row = 0; removed != nullptr && row < columns.rows(); ++row) {
      if (!removed->IsValid(row)) continue;
      if (alive) {
        if (removed->ints[row] <= filter_.version) valid.Clear(row);
      } else if (InWindow(removed->ints[row])) {
        valid.Set(row);
      }
    }
  }
  return valid;
}

Bitmap EntrySelector::ValidRows(const RowGroup& group, const RemovalList* removals) const {
  Bitmap valid(group.places.size());
  for (std::size_t row = 0; row < group.places.size(); ++row) {
    const bool selected = filter_.kind == EntryFilter::Kind::kAlive
                              ? group.added[row] <= filter_.version && group.removed[row] > filter_.version
                              : AddedInWindow(group.added[row]) || InWindow(group.removed[row]);
    if (selected) valid.Set(row);
  }
  if (removals != nullptr) ApplyRemovals(*removals, 0, valid);
  return valid;
}

}  // namespace levee::store
