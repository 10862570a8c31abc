// What processes did, kept over time in a file that they share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "memory/statistics/record.h"

namespace levee::memory {

struct StatisticsHistoryOptions {
  std::string path;                        // empty: this process's own records are kept, in memory
  std::size_t file_bytes = 4u << 20;       // above it the file becomes PATH.1 and a new one begins: at most twice as much is kept
  std::size_t memory_records = 3'000;      // without a file
};

// Thread-safe; any number of processes append to one file. A record is one write, which needs no sync: what a power cut takes is
// the newest figures, and half a record is passed over.
class StatisticsHistory {
 public:
  explicit StatisticsHistory(StatisticsHistoryOptions options) : options_(std::move(options)) {}

  // STORAGE_ERROR: the file cannot be written.
  Status Keep(const StatisticsRecord& record);
  // Those that ended at `since` (microseconds since the epoch) or later, oldest first. No file: none. STORAGE_ERROR.
  Result<std::vector<StatisticsRecord>> Since(std::int64_t since) const;

 private:
  // Makes the file the older one, unless another process was faster. With its lock held.
  void RotateIfFull(int file) const;

  const StatisticsHistoryOptions options_;
  mutable std::mutex mutex_;
  std::deque<StatisticsRecord> records_;  // guarded by mutex_
};

}  // namespace levee::memory
