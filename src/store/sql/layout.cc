#include "store/sql/layout.h"

#include <algorithm>

#include "columnar/segment.h"
#include "store/sql/query.h"
#include "store/sql/row_group.h"

namespace levee::store {
namespace {

// Tombstones are read by those who ask for them.
constexpr char kReadSegments[] =
    "SELECT segment_id, kind, format, row_count, min_added, max_added, min_removed, max_removed, size_bytes,"
    " CASE WHEN format=2 AND kind<>4 THEN body END"
    " FROM segments WHERE range_id=?1 AND state=1 AND segment_id>?2 ORDER BY segment_id";

SegmentInfo InfoOf(Query& query) {
  SegmentInfo info;
  info.id = query.Int(0);
  info.kind = static_cast<SegmentKind>(query.Int(1));
  info.format = static_cast<SegmentFormat>(query.Int(2));
  info.rows = query.Int(3);
  info.min_added = query.Int(4);
  info.max_added = query.Int(5);
  info.min_removed = query.Int(6);
  info.max_removed = query.Int(7);
  info.size_bytes = query.Int(8);
  return info;
}

// Where an entry stands in a layout.
struct Slot {
  bool in_group = false;
  std::size_t index = 0;  // of the item or the group
  std::uint32_t row = 0;
  Removal removal;
};

class LayoutBuilder {
 public:
  LayoutBuilder(const RangeHead& head, const Layout* known)
      : layout_(std::make_shared<Layout>()),
        groups_(known != nullptr ? known->groups : decltype(known->groups)(),
                known != nullptr ? known->group_removals : decltype(known->group_removals)()) {
    if (known != nullptr) {
      layout_->segments = known->segments;
      layout_->segment_removals = known->segment_removals;
      layout_->removal_batches = known->removal_batches;
      layout_->micros = known->micros;
      layout_->tombstones = known->tombstones;
      layout_->last_segment_id = known->last_segment_id;
      layout_->dictionary = known->dictionary;
    }
    layout_->head = head;
  }

  Status Read(Connection& connection) {
    LEVEE_ASSIGN(layout_->dictionary,
                 LoadDictionary(connection, layout_->head.table_id, layout_->dictionary));
    LEVEE_ASSIGN(Query query, Query::Make(connection, kReadSegments, layout_->head.range_id, layout_->last_segment_id));
    while (true) {
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row) return {};
      LEVEE_ASSIGN(AddedSegment segment, Decode(InfoOf(query), query.Blob(9)));
      AddSegment(std::move(segment));
    }
  }

  void SetDictionary(std::shared_ptr<const Dictionary> dictionary) { layout_->dictionary = std::move(dictionary); }

  void AddSegment(AddedSegment segment) {
    const SegmentInfo& info = segment.info;
    layout_->last_segment_id = info.id;
    if (info.kind == SegmentKind::kTombstones) {
      layout_->tombstones.push_back(info);
      return;
    }
    if (info.format == SegmentFormat::kColumns) {
      new_items_.push_back(info);
      return;
    }
    layout_->micros.push_back(info);
    if (segment.removals) {
      new_removals_.push_back(std::make_shared<const RemovalBatch>(std::move(*segment.removals)));
      layout_->removal_batches.push_back(new_removals_.back());
    } else {
      groups_.Add(MakeRowGroup(info, std::move(*segment.entries)));
    }
  }

  Result<std::shared_ptr<const Layout>> Finish() {
    if (!new_items_.empty() || layout_->segments == nullptr) ExtendSegments();
    layout_->segment_removals.resize(layout_->segments->items.size());
    LEVEE_RETURN_IF_ERROR(ApplyRemovals());
    layout_->groups = std::move(groups_.groups());
    layout_->group_removals = std::move(groups_.removals());
    return std::shared_ptr<const Layout>(std::move(layout_));
  }

 private:
  Result<AddedSegment> Decode(const SegmentInfo& info, ByteSpan body) const {
    AddedSegment segment{.info = info};
    if (info.kind == SegmentKind::kTombstones || info.format == SegmentFormat::kColumns) return segment;
    const std::string what = "segment " + std::to_string(info.id);
    if (info.kind == SegmentKind::kRemovals) {
      LEVEE_ASSIGN(segment.removals, DecodeRemovals(body, *layout_->dictionary, what));
    } else {
      LEVEE_ASSIGN(segment.entries, DecodeMicroBatch(body, *layout_->dictionary, what));
    }
    return segment;
  }

  void ExtendSegments() {
    auto set = std::make_shared<SegmentSet>();
    if (layout_->segments != nullptr) {
      set->items = layout_->segments->items;
      set->blocks = layout_->segments->blocks;
    }
    for (const SegmentInfo& info : new_items_) {
      const auto blocks = static_cast<std::uint32_t>((info.rows + columnar::kBlockRows - 1) / columnar::kBlockRows);
      set->items.push_back({info, set->blocks, blocks});
      set->blocks += blocks;
    }
    layout_->segments = std::move(set);
  }

  // Where the runs of each small segment begin in the groups.
  void IndexGroups() {
    for (std::size_t g = 0; g < groups_.groups().size(); ++g) {
      const auto& places = groups_.groups()[g]->places;
      for (std::uint32_t row = 0; row < places.size(); ++row) {
        if (places[row].row == 0) group_starts_[places[row].segment_id] = {g, row};
      }
    }
  }

  Result<Slot> Locate(const EntryPlace& place) const {
    const auto& items = layout_->segments->items;
    const auto item = std::lower_bound(items.begin(), items.end(), place.segment_id,
                                       [](const SegmentSet::Item& a, std::int64_t id) { return a.info.id < id; });
    if (item != items.end() && item->info.id == place.segment_id && place.row < item->info.rows) {
      return Slot{false, static_cast<std::size_t>(item - items.begin()), place.row, {}};
    }
    const auto start = group_starts_.find(place.segment_id);
    if (start == group_starts_.end()) {
      return Fail(ErrorCode::kCorrupt, "removals of range " + std::to_string(layout_->head.range_id),
                  "they name segment " + std::to_string(place.segment_id) + ", which is not there",
                  "run: levee repair, or forget the table and add it again");
    }
    return Slot{true, start->second.first, start->second.second + place.row, {}};
  }

  Status ApplyRemovals() {
    if (new_removals_.empty()) return {};
    IndexGroups();
    std::vector<Slot> slots;
    for (const auto& batch : new_removals_) {
      for (std::size_t i = 0; i < batch->entries.size(); ++i) {
        LEVEE_ASSIGN(Slot slot, Locate(batch->entries[i]));
        slot.removal = {slot.row, static_cast<std::uint32_t>(i), batch->versions[i], batch.get()};
        slots.push_back(slot);
      }
    }
    std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) {
      return std::tie(a.in_group, a.index, a.row) < std::tie(b.in_group, b.index, b.row);
    });
    for (std::size_t first = 0; first < slots.size();) {
      std::size_t last = first;
      RemovalList added;
      while (last < slots.size() && slots[last].in_group == slots[first].in_group &&
             slots[last].index == slots[first].index) {
        added.push_back(slots[last++].removal);
      }
      auto& list = slots[first].in_group ? groups_.removals()[slots[first].index]
                                         : layout_->segment_removals[slots[first].index];
      list = Merged(list, added);
      first = last;
    }
    return {};
  }

  static std::shared_ptr<const RemovalList> Merged(const std::shared_ptr<const RemovalList>& old,
                                                   const RemovalList& added) {
    auto merged = std::make_shared<RemovalList>();
    const RemovalList none;
    const RemovalList& before = old == nullptr ? none : *old;
    merged->resize(before.size() + added.size());
    std::merge(before.begin(), before.end(), added.begin(), added.end(), merged->begin(),
               [](const Removal& a, const Removal& b) { return a.row < b.row; });
    return merged;
  }

  std::shared_ptr<Layout> layout_;
  GroupBuilder groups_;
  std::vector<SegmentInfo> new_items_;
  std::vector<std::shared_ptr<const RemovalBatch>> new_removals_;
  std::unordered_map<std::int64_t, std::pair<std::size_t, std::uint32_t>> group_starts_;
};

}  // namespace

Result<std::shared_ptr<const Layout>> LoadLayout(Connection& connection, const RangeHead& head,
                                                 std::shared_ptr<const Layout> known) {
  if (known != nullptr && (known->head.range_id != head.range_id ||
                           known->head.layout_generation != head.layout_generation)) {
    // The numbers of columns stay, whatever became of the segments.
    auto fresh = std::make_shared<Layout>();
    fresh->dictionary = known->dictionary;
    known = std::move(fresh);
  }
  LayoutBuilder builder(head, known.get());
  LEVEE_RETURN_IF_ERROR(builder.Read(connection));
  return builder.Finish();
}

Result<std::shared_ptr<const Layout>> ExtendLayout(const Layout& known, const RangeHead& head,
                                                   std::shared_ptr<const Dictionary> dictionary,
                                                   std::vector<AddedSegment> segments) {
  LayoutBuilder builder(head, &known);
  builder.SetDictionary(std::move(dictionary));
  for (AddedSegment& segment : segments) builder.AddSegment(std::move(segment));
  return builder.Finish();
}

std::size_t SizeBytes(const Layout& layout) {
  // A layout's own parts; what a dictionary takes for a name is a guess.
  constexpr std::size_t kBytesANode = 64;
  std::size_t bytes = sizeof(Layout) + layout.micros.capacity() * sizeof(SegmentInfo) +
                      layout.tombstones.capacity() * sizeof(SegmentInfo);
  if (layout.dictionary != nullptr) bytes += layout.dictionary->size() * 2 * kBytesANode;
  if (layout.segments != nullptr) bytes += layout.segments->items.capacity() * sizeof(SegmentSet::Item);
  for (const auto& group : layout.groups) {
    bytes += columnar::SizeBytes(*group->entries) + group->places.capacity() * sizeof(EntryPlace) +
             (group->added.capacity() + group->removed.capacity()) * sizeof(std::int64_t) + sizeof(RowGroup);
  }
  for (const auto* lists : {&layout.segment_removals, &layout.group_removals}) {
    bytes += lists->capacity() * sizeof(std::shared_ptr<const RemovalList>);
    for (const auto& list : *lists) {
      if (list != nullptr) bytes += list->capacity() * sizeof(Removal) + kBytesANode;
    }
  }
  for (const auto& batch : layout.removal_batches) {
    bytes += columnar::SizeBytes(batch->columns) + batch->entries.capacity() * sizeof(EntryPlace) +
             batch->versions.capacity() * sizeof(std::int64_t) + kBytesANode;
  }
  return bytes;
}

}  // namespace levee::store
