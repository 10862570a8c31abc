// Merging: the tail into segments, small segments into larger ones.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "memory/bank/segment_builder.h"
#include "memory/bank/view.h"
#include "store/bank.h"

namespace levee::memory {

struct MergePolicy {
  bool everything = false;                 // all segments into as few as there can be
  std::optional<std::int64_t> keep_since;  // ended rows that ended before it are dropped, in microseconds; nothing: none
};

// What a merge takes, as the view was.
struct MergePlan {
  std::int64_t generation = 0, merged_position = 0;
  std::vector<SegmentSource> sources;                // segments that go, then sealed runs
  std::vector<std::shared_ptr<StoredSegment>> dropped;
  std::vector<store::BankSegment> ended;             // of segments that stay and have lost rows to the runs
  std::vector<std::int64_t> dictionaries;            // of segments that stay: chunks that must stay too
  std::optional<std::int64_t> keep_since;
  bool keep_chunks = false;  // of what is dropped: nothing of the store goes
};

// Empty: there is nothing to do. Needs a view that does not change meanwhile.
Result<std::optional<MergePlan>> PlanMerge(const View& view, const MergePolicy& policy);

struct MergeResult {
  bool published = false;   // false: another merge was first, and nothing was done
  std::int64_t rows = 0, purged = 0;
};

// What segments have beside their rows, made by whoever knows of it.
struct SegmentExtras {
  WritePostings write_postings;
  MakeIndexWriter make_index_writer;
};

// Builds outside of any lock and publishes. `threads`: at work at once at most.
Result<MergeResult> RunMerge(const MergePlan& plan, store::BankStore& store, Interner& names,
                             SegmentPages& pages, const SegmentExtras& extras, int threads = 1);

}  // namespace levee::memory
