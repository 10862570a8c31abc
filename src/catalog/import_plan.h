// What the runs of an import are made from: those of another import of the same hash may be taken over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "delta/checkpoint_reader.h"
#include "delta/log_listing.h"
#include "objectstore/object_store.h"

namespace levee::catalog {

struct ImportPlanParts {
  const delta::CheckpointFiles& checkpoint;
  const std::vector<objectstore::ObjectInfo>& sidecars;
  const std::vector<std::string>& partition_paths;
  std::int64_t floor = 0;
};

// Of the checkpoint's files by name, size, time and etag. Of the commits only how far the base goes: whether they end
// other entries is asked of each run (EntryRuns::Resume).
Hash128 HashImportPlan(objectstore::ObjectStore& objects, const ImportPlanParts& parts);

}  // namespace levee::catalog
