// How a database behind a store is run; may be changed while it is in use.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

namespace levee::store {

enum class TempPlace : std::uint8_t { kDefault, kFile, kMemory };

struct TuningValues {
  int busy_timeout_ms = 10'000;                         // how long a writer waits for another
  std::int64_t page_cache_bytes = 0;                    // of each connection; 0: shares of the cache's budget
  std::int64_t mapped_bytes = std::int64_t{64} << 30;   // of the file, read where the system maps it; 0: pages are copied
  TempPlace temporary = TempPlace::kDefault;            // where sorting and VACUUM put what they need for a while
  int connections = 8;                                  // readers that are kept open when nobody needs them
  std::int64_t idle_timeout_ms = 0;                     // after which those are closed; 0: never
  int checkpoint_pages = 4'096;                         // of the write-ahead log, at which a commit moves it; 0: never

  bool operator==(const TuningValues&) const = default;
};

// Shared by who changes it and the connections, which take a change over with their next transaction. Thread-safe.
class Tuning {
 public:
  explicit Tuning(const TuningValues& values) : values_(values) {}

  TuningValues values() const {
    const std::lock_guard lock(mutex_);
    return values_;
  }
  void Change(const TuningValues& values) {
    const std::lock_guard lock(mutex_);
    values_ = values;
    generation_.fetch_add(1, std::memory_order_release);
  }
  // Has the database look at its own statistics with the next checkpoint.
  void AskToOptimise() { optimise_.store(true); }
  bool TakeOptimise() const { return optimise_.exchange(false); }
  // Another number than before: something was changed.
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  TuningValues values_;  // guarded by mutex_
  std::atomic<std::uint64_t> generation_{1};
  mutable std::atomic<bool> optimise_{false};
};

}  // namespace levee::store
