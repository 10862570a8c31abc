// What the runs of an import are made from: two imports of the same hash make the same runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "catalog/entry_timeline.h"
#include "delta/checkpoint_reader.h"
#include "delta/log_listing.h"
#include "objectstore/object_store.h"

namespace levee::catalog {

struct ImportPlanParts {
  const delta::CheckpointFiles& checkpoint;
  const std::vector<objectstore::ObjectInfo>& sidecars;
  const EntryTimeline& timeline;                    // with all commits applied
  const std::vector<std::string>& partition_paths;
  std::int64_t floor = 0;
};

// Of the checkpoint's files by name, size, time and etag, and of what the commits end in it. Commits that only
// add change nothing in it.
Hash128 HashImportPlan(objectstore::ObjectStore& objects, const ImportPlanParts& parts);

}  // namespace levee::catalog
