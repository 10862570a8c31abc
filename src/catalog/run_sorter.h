// Sorts entries beyond memory: runs are sorted as they come and spilled, then merged by column.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "catalog/run_file.h"
#include "columnar/batch.h"
#include "columnar/entry_order.h"

namespace levee::catalog {

struct RunSorterOptions {
  std::vector<std::string> partition_paths;  // physical paths, in the table's order
  std::string spill_folder;
  int threads = 1;
};

// Add is thread-safe; Finish comes once, after the last Add has returned.
class RunSorter {
 public:
  explicit RunSorter(RunSorterOptions options) : options_(std::move(options)) {}

  // At most 65,536 rows, but those in `left_out` (empty: none). The first batch is the sample that the
  // order is chosen from.
  Status Add(columnar::Batch batch, const Bitmap& left_out = {});
  // Hands the entries out in order, in batches of 65,536 rows (the last may be smaller), from several
  // threads at once.
  Status Finish(const std::function<Status(columnar::Batch)>& emit);

  std::size_t rows() const { return rows_; }

 private:
  struct SortedRun {
    Run run;                              // in the spill file
    columnar::EntryOrderKeys keys;        // in the run's order
  };

  Status Spill(columnar::Batch batch, const Bitmap& left_out);
  Result<columnar::Batch> GatherPiece(const std::vector<std::uint16_t>& sources, std::size_t first,
                                      std::size_t count, const std::vector<std::size_t>& starts) const;

  const RunSorterOptions options_;
  std::mutex mutex_;
  // Guarded by mutex_ until Finish.
  std::optional<columnar::EntryOrder> order_;
  std::optional<columnar::Batch> first_;  // held back: a table of one batch never spills
  Bitmap first_left_out_;
  std::unique_ptr<RunFile> file_;
  std::vector<SortedRun> runs_;
  std::size_t rows_ = 0;
};

}  // namespace levee::catalog
