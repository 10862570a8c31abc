// How long operations took, and which were slow.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "levee/memory_reports.h"
#include "metrics/metrics.h"

namespace levee::memory {

enum class OperationKind : std::uint8_t { kStore, kUpdate, kDelete, kGet, kHistory, kFind, kCount, kFacets };
inline constexpr std::array<std::string_view, 8> kOperationNames{"store",   "update", "delete", "get",
                                                                 "history", "find",   "count",  "facets"};

// Thread-safe.
class OperationLog {
 public:
  OperationLog(Clock& clock, std::int64_t slow_us) : clock_(clock), slow_us_(slow_us), since_ns_(clock.MonotonicNanos()) {}

  // One operation, from here to its destruction.
  class Running {
   public:
    // `text`: what is asked, made where the operation was slow.
    Running(OperationLog& log, OperationKind kind, std::function<std::string()> text = {})
        : log_(log), kind_(kind), text_(std::move(text)), begin_ns_(log.clock_.MonotonicNanos()) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { log_.End(*this); }

    void Succeed(std::int64_t items) {
      failed_ = false;
      items_ = items;
    }
    void Examined(std::int64_t rows) { examined_ += rows; }

   private:
    friend class OperationLog;
    OperationLog& log_;
    const OperationKind kind_;
    const std::function<std::string()> text_;
    const std::int64_t begin_ns_;
    std::int64_t items_ = 0, examined_ = 0;
    bool failed_ = true;
  };

  void set_slow_us(std::int64_t slow_us) { slow_us_.store(slow_us, std::memory_order_relaxed); }
  void CountLockWait(std::int64_t ns);
  // Fills in operations, slow ones and lock waits.
  void Report(MemoryStats& stats) const;

 private:
  static constexpr std::size_t kSlowKept = 100;
  static constexpr std::size_t kShards = 8;  // by thread, so that readers do not wait for each other
  struct Totals {
    metrics::Histogram durations;
    std::int64_t errors = 0, items = 0, max_ns = 0;
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::array<Totals, kOperationNames.size()> totals;  // guarded by mutex
  };

  void End(const Running& running);

  Clock& clock_;
  std::atomic<std::int64_t> slow_us_;
  const std::int64_t since_ns_;
  std::array<Shard, kShards> shards_;
  mutable std::mutex mutex_;
  std::deque<SlowOperation> slow_;                                  // guarded by mutex_, newest first
  std::int64_t lock_waits_ = 0, lock_wait_ns_ = 0, lock_wait_max_ns_ = 0;  // guarded by mutex_
};

}  // namespace levee::memory
