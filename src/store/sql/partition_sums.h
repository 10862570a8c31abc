// Files, bytes and records of a table by partition: the sums that the database keeps, and what commits did since.
//
// A commit writes nothing for them. The entries that it began or ended are found by their versions, so that the
// sums at a version are those kept for an older one and the changes between; compaction moves what is kept on.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "store/sql/layout.h"
#include "store/sql/partition_tally.h"
#include "store/sql/segment_reader.h"
#include "store/store.h"

namespace levee::store {

// Sums at a version: parts that add up. Immutable.
struct RangeSums {
  std::int64_t version = -1;
  std::vector<std::shared_ptr<const PartitionSummary>> parts;
};

// Keeps the sums of ranges in use, brought forward as tables move. Thread-safe.
class PartitionSums {
 public:
  // The newest version at or below `version` whose sums are at hand or kept; -1: none.
  Result<std::int64_t> Known(ReadSession& session, const Layout& layout, std::int64_t version);
  // The sums of the layout's range at `version`. Null: nothing is kept for it or for an older version.
  Result<std::shared_ptr<const RangeSums>> Get(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                               std::int64_t version);

 private:
  std::shared_ptr<const RangeSums> Find(std::int64_t range_id, std::int64_t version);

  std::mutex mutex_;
  std::unordered_map<std::int64_t, std::shared_ptr<const RangeSums>> sums_;  // by range; guarded by mutex_
};

// What the commits in (after, version] did to the sums; the layout's range must begin at or below `after`.
Result<PartitionSummary> SumChanges(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                    const EntryFilter& window);
// The sums of the entries alive at a version, by looking at each.
Result<PartitionSummary> SumEntries(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                    std::int64_t version);

// At most so many entries began or ended after a version, as far as spans of whole segments tell.
std::int64_t ChangesAfter(const Layout& layout, std::int64_t version);
// Entries of the layout, ended ones that are not in history among them.
std::int64_t EntriesOf(const Layout& layout);

// Brings what is kept for the layout's range to the layout's last version, by adding changes or anew, whichever looks
// at fewer entries; another one who did so first wins.
Result<Refreshed> KeepSums(Driver& driver, SegmentReader& reader, ReadSession& session, const Layout& layout);

// How many files the sums have where the predicate, which names partition columns alone, may match.
Result<std::int64_t> CountFiles(const RangeSums& sums, const expr::SkippingNode* predicate,
                                std::string_view timezone);

}  // namespace levee::store
