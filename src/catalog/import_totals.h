// The totals of a table after each commit of an imported range.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "columnar/batch.h"
#include "store/store.h"

namespace levee::catalog {

// Counts entries where they begin and end, then sums up. Thread-safe.
class ImportTotals {
 public:
  struct Change {
    std::int64_t files = 0, bytes = 0, rows = 0, files_without_rows = 0;
    std::int64_t added_files = 0, added_bytes = 0, added_rows = 0, added_without_rows = 0;
    friend bool operator==(const Change&, const Change&) = default;
  };
  using Changes = std::map<std::int64_t, Change>;  // by version; the base's under the lowest number

  // Entries with their validity columns.
  void Count(const columnar::Batch& entries);
  // Fills num_files, size_bytes, num_records, and bytes_added, rows_added of the commits (ascending; the
  // first is the base).
  void Fill(std::vector<store::CommitRecord>& commits) const;
  // What was counted so far, and adding what was counted elsewhere.
  Changes changes() const;
  void Add(const Changes& changes);

 private:
  mutable std::mutex mutex_;
  Changes changes_;  // guarded by mutex_
};

}  // namespace levee::catalog
