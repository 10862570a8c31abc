// Chooses the entries that a scan returns, segment after segment: validity, zone maps, then bounds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bitmap.h"
#include "store/sql/column_index_lookup.h"
#include "store/sql/entry_columns.h"
#include "store/sql/layout.h"
#include "store/sql/segment_reader.h"
#include "store/sql/settled_parts.h"
#include "store/store.h"

namespace levee::store {

// Entries of one segment or group.
struct Selection {
  bool in_group = false;
  std::size_t index = 0;             // of layout.segments->items or layout.groups
  bool all = false;                  // every row; `rows` is empty then
  std::vector<std::uint32_t> rows;   // ascending
  std::size_t count = 0;
};

struct SelectorOptions {
  EntryFilter filter;
  const expr::SkippingNode* predicate = nullptr;  // null: all; must outlive the selector
  std::string_view timezone = "UTC";              // likewise
  bool ended_only = false;                        // kChangedIn: what was removed, not what was added
  Access access = Access::kZones;
};

// Not thread-safe.
class EntrySelector {
 public:
  EntrySelector(SegmentReader& reader, ReadSession& session, const Layout& layout, const SelectorOptions& options);

  // The next selection that is not empty; false at the end. Groups come last.
  Result<bool> Next(Selection& selection);
  // How many entries remain, without collecting rows.
  Result<std::int64_t> CountRest();

  // Looks at the zone maps, as the first of the calls above does by itself.
  Status Prepare();
  // Once prepared: the segments in which entries are left to be evaluated, if that is so much work that threads may
  // share it; else empty.
  std::vector<std::size_t> WorthSharing() const;
  // For another thread: what is chosen in one of these segments alone. This one must stay where it is meanwhile.
  EntrySelector OnSegment(ReadSession& session, std::size_t segment) const;
  // Goes on with the groups.
  void LeaveSegments();

 private:
  // The indexes that the predicate can use in segments of which more than one block is left.
  Status PrepareIndexes(const Bitmap& segments);
  Status SelectSegment(std::size_t index, bool count_only, Selection& selection);
  Status SelectGroup(std::size_t index, bool count_only, Selection& selection);
  Status SelectBlocks(std::size_t index, const std::vector<std::uint32_t>& blocks, bool count_only,
                      Selection& selection);
  // What an index named: what of it is valid and, of what is open, what the predicate keeps.
  Status SelectIndexed(std::size_t index, IndexedRows found, bool count_only, Selection& selection);
  Result<Bitmap> SelectRows(std::size_t index, const std::vector<std::uint32_t>& rows, bool evaluate);
  Result<bool> NextSelection(bool count_only, Selection& selection);
  // Goes on to the next segment of which blocks are left.
  void SkipSegments();

  bool IsVisible(const SegmentInfo& info, const RemovalList* removals) const;
  bool IsVisible(const RowGroup& group, const RemovalList* removals) const;
  // True when each row of the segment is selected by the filter but for `removals`.
  bool SeesWhole(const SegmentInfo& info) const;
  std::size_t EndedIn(const RemovalList* removals) const;
  // By what the entries themselves say; removals come on top.
  Result<Bitmap> ValidRows(EntryColumns& columns, const SegmentInfo& info);
  Bitmap ValidRows(const RowGroup& group, const RemovalList* removals) const;
  void ApplyRemovals(const RemovalList& removals, std::uint32_t first_row, Bitmap& valid) const;
  void ApplyRemoval(const Removal& removal, std::size_t at, Bitmap& valid) const;
  bool InWindow(std::int64_t version) const {
    return version > filter_.after_version && version <= filter_.version;
  }
  bool AddedInWindow(std::int64_t version) const { return !ended_only_ && InWindow(version); }
  // Narrows `valid` (null: all rows) by a predicate.
  Result<Bitmap> Evaluate(const expr::SkippingNode& predicate, EntryColumns& columns, const Bitmap* valid);

  SegmentReader& reader_;
  ReadSession& session_;
  const Layout& layout_;
  const EntryFilter filter_;
  const expr::SkippingNode* predicate_;
  const std::string_view timezone_;
  const bool ended_only_;
  const Access access_;
  bool prepared_ = false;
  Bitmap blocks_;                 // that survive the zone maps; unused without a predicate
  SettledParts settled_;          // of the predicate in these
  std::optional<ColumnIndexLookup> indexes_;  // those that the predicate can use
  std::size_t next_segment_ = 0, last_segment_;
  std::size_t next_group_ = 0;
};

}  // namespace levee::store
