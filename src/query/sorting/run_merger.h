// Merges spilled runs of sorted rows.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "columnar/batch.h"
#include "columnar/run_file.h"
#include "query/plan.h"

namespace levee::query {

// Rows in order, spilled in one piece or several. Not empty.
using SortedRun = std::vector<columnar::Run>;

struct MergeOptions {
  const std::vector<SortKey>& keys;
  std::size_t bytes = 0;      // what the pieces being merged may take together, as far as a piece a run allows
  std::size_t row_bytes = 1;  // of a row in memory, in the mean
};

// The rows of all runs in order, of equal ones those of the first run first. `file` and `keys` outlive the
// stream.
std::unique_ptr<columnar::BatchStream> MergeRuns(const columnar::RunFile& file, std::vector<SortedRun> runs,
                                                 const MergeOptions& options);

}  // namespace levee::query
