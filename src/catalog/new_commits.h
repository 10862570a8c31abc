// Which commits of the log come after a version.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/status.h"
#include "delta/log_listing.h"
#include "objectstore/object_store.h"
#include "store/store.h"

namespace levee::catalog {

struct NewCommits {
  std::vector<delta::CommitFile> files;     // head+1, head+2, ... without a gap
  std::optional<std::int64_t> gap;          // the first version that is missing although newer ones are there
  bool base_beyond_gap = false;             // a checkpoint stands above `gap`
  // Of the versions of `files`, ascending; empty for an ordinary single commit, whose log is not listed.
  std::vector<delta::CheckpointFiles> checkpoints;
};

// Commits head+1, head+2, ... up to `to_version`. A few are asked for one by one, which is cheaper than
// listing a long log; many are listed. `thorough` lists in any case, so that no gap stays unseen.
Result<NewCommits> FindNewCommits(objectstore::ObjectStore& objects, const store::Head& head,
                                  std::optional<std::int64_t> to_version, bool thorough);

}  // namespace levee::catalog
