// Rewriting segments: entries of the tail and of worn segments, sorted anew; ended ones to history.
#pragma once

#include <utility>
#include <vector>

#include "base/memory_budget.h"
#include "store/sql/compaction_plan.h"
#include "store/sql/segment_reader.h"
#include "store/sql/segment_writer.h"

namespace levee::store {

// What takes the place of the planned segments. Places in `moved` name segment i of `segments` by its index.
struct CompactedSegments {
  MemoryHold memory;                           // what all of it takes
  std::vector<PreparedSegment> segments;
  std::vector<std::int64_t> replaced;          // segment ids
  std::vector<std::pair<EntryPlace, EntryPlace>> moved;  // entries still alive: from, to; sorted
  RemovalBatch removals;                       // those that stay, sorted: of segments that were not rewritten
};

// Reads, sorts and encodes; writes nothing. kResourceExhausted where memory does not do: a plan of fewer rows may.
Result<CompactedSegments> BuildCompaction(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                          const CompactionPlan& plan, const SegmentExtras& extras);

}  // namespace levee::store
