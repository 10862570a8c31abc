// What a range of a table consists of at its newest version, in memory: segments, ends of entries, and the
// entries of small segments, decoded.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "columnar/batch.h"
#include "store/sql/dictionary.h"
#include "store/sql/driver.h"
#include "store/sql/key_index.h"
#include "store/sql/removals.h"
#include "store/sql/segment_model.h"

namespace levee::store {

// A range of versions of a table, and the table's head when it was read.
struct RangeHead {
  std::int64_t table_id = 0;
  std::int64_t range_id = 0;
  bool main = true;
  std::int64_t first_version = 0;
  std::int64_t last_version = -1;
  std::int64_t layout_generation = 0;
};

// Bounds of one column over every block of a set of segments, made on first use.
struct ZoneColumn;

// The segments with a directory. Immutable but for the bounds, which layouts of one set share.
struct SegmentSet {
  struct Item {
    SegmentInfo info;
    std::uint32_t first_block = 0;  // blocks count on from segment to segment
    std::uint32_t blocks = 0;
  };
  std::vector<Item> items;
  std::uint32_t blocks = 0;

  mutable std::mutex mutex;
  mutable std::unordered_map<std::string, std::shared_ptr<const ZoneColumn>> zones;  // guarded by mutex
};

// Entries of small segments side by side. Immutable.
struct RowGroup {
  std::shared_ptr<const columnar::Batch> entries;  // with kAddedVersion, kKeyHash, and what else they have
  std::vector<EntryPlace> places;                  // row -> where it is stored
  std::vector<std::int64_t> added;                 // kFloorVersion for null
  std::vector<std::int64_t> removed;               // as stored with the entry; kAliveVersion: alive
  std::int64_t min_added = kAliveVersion, max_added = kFloorVersion;
  std::int64_t max_removed = kFloorVersion;
  bool history = false;                            // ended entries only

  // Built when a publish first asks.
  const KeyIndex& Keys() const;

 private:
  mutable std::once_flag keys_once_;
  mutable std::unique_ptr<KeyIndex> keys_;
};

// Immutable.
struct Layout {
  RangeHead head;
  std::shared_ptr<const Dictionary> dictionary;
  std::shared_ptr<const SegmentSet> segments;
  std::vector<std::shared_ptr<const RemovalList>> segment_removals;  // by item; null: none
  std::vector<std::shared_ptr<const RowGroup>> groups;               // in no order; history apart from the rest
  std::vector<std::shared_ptr<const RemovalList>> group_removals;    // by group; null: none
  std::vector<std::shared_ptr<const RemovalBatch>> removal_batches;  // what removals point into
  std::vector<SegmentInfo> micros;                                   // every segment that is no item of `segments`
  std::vector<SegmentInfo> tombstones;
  std::int64_t last_segment_id = 0;
};

// About, in memory, without what is made on demand.
std::size_t SizeBytes(const Layout& layout);

// Reads a range's layout within a read transaction. `known` (null: none) is an older layout of the range and
// generation, of which only what came since is read.
Result<std::shared_ptr<const Layout>> LoadLayout(Connection& connection, const RangeHead& head,
                                                 std::shared_ptr<const Layout> known);

// A segment that a publish wrote, with what a reader would decode of it.
struct AddedSegment {
  SegmentInfo info;
  std::optional<columnar::Batch> entries;  // of SegmentFormat::kMicro, but tombstones
  std::optional<RemovalBatch> removals;    // of SegmentKind::kRemovals
};

// The layout after a publish on top of `known` wrote `segments`, by ascending id: what LoadLayout would read.
Result<std::shared_ptr<const Layout>> ExtendLayout(const Layout& known, const RangeHead& head,
                                                   std::shared_ptr<const Dictionary> dictionary,
                                                   std::vector<AddedSegment> segments);

}  // namespace levee::store
