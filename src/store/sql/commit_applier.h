// Works out what commits do to a table's entries, before anything is written.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "store/sql/commit_rows.h"
#include "store/sql/entry_lookup.h"
#include "store/sql/segment_writer.h"
#include "store/store.h"

namespace levee::store {

// What a publish writes. Places of the new entries name segment -1 - i for segments[i].
struct CommitEffects {
  std::vector<PreparedSegment> segments;    // new entries
  RemovalBatch removals;                    // not sorted
  std::optional<PreparedSegment> tombstones;
  std::optional<RecordTotals> totals;       // after the last commit
};

// Resolves the removes and re-adds of `commits` against the entries alive in `layout`, and fills in the
// commits' totals from those of the head.
Result<CommitEffects> ApplyCommits(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                   const CommitTotals& head_totals, std::vector<CommitDelta>& commits);

}  // namespace levee::store
