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
#include "columnar/run_file.h"
#include "columnar/batch.h"
#include "columnar/entry_order.h"

namespace levee::catalog {

struct RunSorterOptions {
  std::vector<std::string> partition_paths;  // physical paths, in the table's order
  int threads = 1;
  std::size_t merge_bytes = 0;               // what sort keys and pieces being merged may take; 0: no bound
  // Where runs are spilled to; called at the first that is. Never under a lock of the sorter's.
  std::function<Result<columnar::RunFile*>()> file;
  // Called once, with the order that is chosen, before any run is spilled. May be empty.
  std::function<Status(const columnar::EntryOrder&)> on_order;
};

// Called when a run stands in the file.
using OnRun = std::function<Status(const columnar::Run&)>;

// Add is thread-safe; Finish comes once, after the last Add has returned.
class RunSorter {
 public:
  explicit RunSorter(RunSorterOptions options) : options_(std::move(options)) {}

  // At most 65,536 rows, but those in `left_out` (empty: none). The first batch is the sample that the
  // order is chosen from, and is held back in memory until there is a second: `on_run` is called then.
  Status Add(columnar::Batch batch, const Bitmap& left_out = {}, OnRun on_run = {});
  // Spills what is held back, and every batch to come.
  Status StopHolding();
  // Takes over runs that stand in the file, sorted by `order`. Before the first Add.
  Status Restore(columnar::EntryOrder order, const std::vector<const columnar::Run*>& runs);
  // Hands the entries out in order, in batches of 65,536 rows (the last may be smaller), from several
  // threads at once.
  Status Finish(const std::function<Status(columnar::Batch)>& emit);

  std::size_t rows() const { return rows_; }

 private:
  struct SortedRun {
    columnar::Run run;                              // in the spill file
    columnar::EntryOrderKeys keys;        // in the run's order
  };

  struct Held {
    columnar::Batch batch;
    Bitmap left_out;
    OnRun on_run;
  };

  Status Spill(Held held);
  int PieceThreads() const;
  Result<columnar::Batch> GatherPiece(const std::vector<std::uint16_t>& sources, std::size_t first,
                                      std::size_t count, const std::vector<std::size_t>& starts) const;

  const RunSorterOptions options_;
  std::mutex mutex_;
  // Guarded by mutex_ until Finish.
  std::optional<columnar::EntryOrder> order_;
  std::optional<Held> first_;  // a table of one batch never spills
  bool holding_ = true;
  std::vector<SortedRun> runs_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;  // of the rows that were spilled, in memory
  columnar::RunFile* file_ = nullptr;
};

}  // namespace levee::catalog
