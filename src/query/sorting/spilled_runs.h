// Sorted runs of rows that did not fit into memory, and their merge.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "query/sorting/run_merger.h"

namespace levee::query {

// What sorting and grouping may take.
struct SortMemory {
  std::size_t bytes = 0;     // more is spilled
  std::string spill_folder;
};

// Not thread-safe. The file is made with the first run, and goes with this. kIo names the folder.
class SpilledRuns {
 public:
  // `keys` outlive this.
  SpilledRuns(const std::vector<SortKey>& keys, SortMemory memory) : keys_(keys), memory_(std::move(memory)) {}

  bool empty() const { return runs_.empty(); }
  // Writes the rows as a run, in order. At least one.
  Status Add(const columnar::Batch& rows);
  // The rows of all runs in order, of equal ones those that were added first first. Once, after the last Add; this
  // outlives the stream.
  Result<std::unique_ptr<columnar::BatchStream>> Merge();

 private:
  Status MergeFirstRuns();
  Result<SortedRun> WriteMerged(std::vector<SortedRun> part);
  MergeOptions Merging() const { return {.keys = keys_, .bytes = memory_.bytes, .row_bytes = row_bytes_}; }

  const std::vector<SortKey>& keys_;
  const SortMemory memory_;
  std::unique_ptr<columnar::RunFile> file_;
  std::vector<SortedRun> runs_;
  std::size_t row_bytes_ = 1;
};

}  // namespace levee::query
