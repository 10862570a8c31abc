// Compares what a store holds of files with the add actions of a plain replay.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/entry_digest.h"
#include "columnar/batch.h"
#include "delta/plain_replay.h"

namespace levee::catalog {

struct CompareOptions {
  // The replay starts from a later checkpoint than the store did. Checkpoints may leave statistics out
  // and set dataChange to false.
  bool later_base = false;
  // The schema's statistics columns are compared by value: a time in another zone is the same time.
  const types::Schema& schema;
  // A column was widened from float to double: 3.4 stands for the float nearest to it.
  bool widened_floats = false;
  KeySlice slice;  // what is compared
  // How many add actions are held in full at a time; each time costs a replay and a scan.
  std::size_t in_full_max = 16 * 1024;
};

// What the digests of both sides leave out.
DigestOptions DigestOptionsOf(const CompareOptions& options);

// Both sides, to be gone through as often as it takes.
struct CompareSources {
  std::function<Result<std::unique_ptr<columnar::BatchStream>>()> scan;  // what the store has
  std::function<Status(delta::ReplayVisitor&)> replay;                   // what the log has
};

// Adds missing, unexpected and differing files to `report`. `logged` is what a replay of the log gave, of the slice.
// Only entries whose digests differ are read in full, some thousands at a time, so that memory is bounded by
// the digests.
Status CompareEntries(const CompareSources& sources, EntryDigests logged, const CompareOptions& options,
                      CheckReport& report);

}  // namespace levee::catalog
