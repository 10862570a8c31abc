// The entries of an import: those that are alive and those that have ended, each sorted in runs that a later
// import can take over.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bitmap.h"
#include "catalog/entry_timeline.h"
#include "catalog/import_totals.h"
#include "catalog/kept_runs.h"
#include "catalog/run_sorter.h"

namespace levee::catalog {

struct EntryRunsOptions {
  std::vector<std::string> partition_paths;  // physical paths, in the table's order
  int threads = 1;
  std::size_t merge_bytes = 0;               // see RunSorterOptions
  std::string spill_folder;                  // of runs that are not kept
  std::optional<RunsPlace> place;            // none: they never are
};

// What an earlier import left.
struct FoundRuns {
  Bitmap done;             // units of the checkpoint that need not be read; empty: none
  std::size_t units = 0;   // how many those are
  std::int64_t files = 0;  // adds that were read in them
  std::vector<Hash128> met_ends;
};

// What one thread reads, up to the next units that it has read whole.
class RunShare;

// Add, AddTombstones and Complete are thread-safe for shares of different threads.
class EntryRuns {
 public:
  EntryRuns(EntryRunsOptions options, NoteSink note);

  // Takes over what an import of the same plan left, before anything is added, as far as the commits give its entries
  // the same ends as then. `units`: how many the checkpoint has; `on_tombstones` gets the removes read with them.
  Result<FoundRuns> Resume(std::size_t units, const EntryTimeline& timeline,
                           const std::function<Status(const columnar::Batch&)>& on_tombstones);

  std::shared_ptr<RunShare> NewShare() const;
  // Sorts entries in by kRemovedVersion, and counts them. `share`: null for those that no later import can use.
  Status Add(columnar::Batch entries, const std::shared_ptr<RunShare>& share);
  // Keeps removes for a later import; the caller stages them.
  Status AddTombstones(const columnar::Batch& removes, const std::shared_ptr<RunShare>& share);
  // Writes down that all of `units` is in the share, as soon as all of the share is in the file.
  Status Complete(const std::shared_ptr<RunShare>& share, const std::vector<std::size_t>& units);

  std::size_t rows() const { return alive_.rows() + ended_.rows(); }
  // See RunSorter::Finish.
  Status Finish(bool history, const std::function<Status(columnar::Batch)>& emit);
  const ImportTotals& totals() const { return totals_; }
  // Removes what would be kept.
  void Discard();

 private:
  RunSorterOptions SorterOptions(RunKind kind);
  Result<columnar::RunFile*> File();
  Result<bool> HasSameEnds(const CompletedUnits& completed, const EntryTimeline& timeline);
  Status NoteOrder(RunKind kind, const columnar::EntryOrder& order);
  Status AddTo(RunKind kind, columnar::Batch batch, const Bitmap& left_out, const std::shared_ptr<RunShare>& share);
  Status Written(RunKind kind, const columnar::Run& run, RunShare& share);
  Status WriteDown(RunShare& share);

  const EntryRunsOptions options_;
  const NoteSink note_;
  ImportTotals totals_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<KeptOrder> orders_;
  std::unique_ptr<KeptRuns> kept_;      // null: runs are not kept, or not spilled yet
  std::unique_ptr<columnar::RunFile> unnamed_;
  std::atomic<columnar::RunFile*> file_{nullptr};
  std::atomic<bool> holding_{true};
  std::atomic<bool> worth_keeping_{true};  // false once the base is read: a file that is made then needs no name
  RunSorter alive_, ended_;
};

// Thread-safe: runs of a share may be spilled by other threads than its own.
class RunShare {
 public:
  // Notes what the importer has to know again when the share is taken over.
  void CountFiles(std::int64_t files) { content_.files += files; }
  void MetEnd(const Hash128& key) { content_.met_ends.push_back(key); }
  // Once all ends are met, as the importer's timeline tells them.
  void SealEnds(const EntryTimeline& timeline) { content_.ends_hash = timeline.HashBaseEnds(content_.met_ends); }

 private:
  friend class EntryRuns;
  std::mutex mutex_;
  ImportTotals totals_;
  CompletedUnits content_;     // runs are guarded by mutex_; the rest belongs to the share's thread until it is closed
  std::size_t pending_ = 0;    // runs that are not in the file yet; guarded by mutex_
  bool closed_ = false;        // guarded by mutex_
  bool unkept_ = false;        // some of it is in no run; guarded by mutex_
};

}  // namespace levee::catalog
