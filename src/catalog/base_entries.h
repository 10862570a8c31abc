// The base's part of an import: the entries of a checkpoint, each with the end that the commits gave it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "catalog/catalog.h"
#include "catalog/entry_runs.h"
#include "catalog/entry_timeline.h"
#include "delta/checkpoint_reader.h"
#include "store/store.h"

namespace levee::catalog {

struct BaseImport {
  const CatalogOptions& options;
  EntryTimeline& timeline;          // with all commits applied
  EntryRuns& runs;
  store::ImportSession& session;    // takes the checkpoint's removes
  std::int64_t floor = 0;           // entries that end at or below it vanish
};

// Reads the units that no earlier import has left, and notes how many it has.
Status ReadBaseEntries(const BaseImport& base, const delta::CheckpointUnits& units, const types::Schema& schema,
                       const delta::CheckpointOptions& reading);

}  // namespace levee::catalog
