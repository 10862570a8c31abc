// Puts rewritten segments in the place of others: staged one by one, shown by compare-and-set on the layout's generation.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "store/sql/compaction.h"
#include "store/sql/layout.h"

namespace levee::store {

// Not thread-safe. `layout` is what `compacted` was built from.
class CompactionPublisher {
 public:
  CompactionPublisher(Driver& driver, const Layout& layout, CompactedSegments& compacted, std::int64_t now_ms)
      : driver_(driver), head_(layout.head), dictionary_(layout.dictionary), compacted_(compacted), now_ms_(now_ms) {}

  Status Stage();
  // False: the layout changed since it was read; what was staged is dropped.
  Result<bool> Publish(std::int64_t last_segment_id);

 private:
  Result<bool> IsUnchanged(Connection& connection) const;
  // Removals that landed since the layout was read may end entries that have moved.
  Status CarryRemovals(Connection& connection, std::int64_t last_segment_id);

  Driver& driver_;
  const RangeHead head_;
  const std::shared_ptr<const Dictionary> dictionary_;  // when the layout was read
  CompactedSegments& compacted_;
  const std::int64_t now_ms_;
  std::vector<std::int64_t> ids_;  // of the staged segments
};

}  // namespace levee::store
