// How long operations took, and which were slow.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "levee/memory_reports.h"
#include "memory/statistics/activity.h"

namespace levee::memory {

enum class LoggedOperations : std::uint8_t { kNone, kSlow, kAll };

// Thread-safe.
class OperationLog {
 public:
  // `told` hears of those that set_logged names, from the threads that did them; it may be empty.
  using Told = std::function<void(const SlowOperation& operation)>;
  OperationLog(Clock& clock, std::int64_t slow_us, Told told = {})
      : clock_(clock), told_(std::move(told)), slow_us_(slow_us), since_ns_(clock.MonotonicNanos()) {}

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
    // Whether it took too long already.
    bool IsSlow() const { return log_.IsSlow(log_.clock_.MonotonicNanos() - begin_ns_); }
    // How a slow one was answered.
    void Explain(std::string plan) { plan_ = std::move(plan); }

   private:
    friend class OperationLog;
    OperationLog& log_;
    const OperationKind kind_;
    const std::function<std::string()> text_;
    const std::int64_t begin_ns_;
    std::int64_t items_ = 0, examined_ = 0;
    std::string plan_;
    bool failed_ = true;
  };

  void set_logged(LoggedOperations logged) { logged_.store(logged, std::memory_order_relaxed); }
  void set_slow_us(std::int64_t slow_us) { slow_us_.store(slow_us, std::memory_order_relaxed); }
  void CountLockWait(std::int64_t ns);

  // What was done since the last Take, which counts on in Total; the slow operations of it are added to `slow`, oldest first.
  Activity Take(std::vector<SlowOperation>& slow);
  // Since the log was made.
  Activity Total() const;
  double seconds() const { return static_cast<double>(clock_.MonotonicNanos() - since_ns_) / 1e9; }
  // The last ones, newest first.
  std::vector<SlowOperation> Slow() const;

 private:
  static constexpr std::size_t kSlowKept = 100;
  static constexpr std::size_t kShards = 8;  // by thread, so that readers do not wait for each other
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::array<OperationFigures, kOperationNames.size()> figures;  // guarded by mutex
  };

  void End(Running& running);
  bool IsSlow(std::int64_t duration_ns) const { return duration_ns > slow_us_.load(std::memory_order_relaxed) * 1000; }

  Clock& clock_;
  const Told told_;
  std::atomic<LoggedOperations> logged_{LoggedOperations::kNone};
  std::atomic<std::int64_t> slow_us_;
  const std::int64_t since_ns_;
  std::array<Shard, kShards> shards_;   // since the last Take
  mutable std::mutex mutex_;            // goes before those of shards
  std::deque<SlowOperation> slow_;      // guarded by mutex_, newest first
  std::size_t slow_untaken_ = 0;        // guarded by mutex_; of them, how many no Take has had
  Activity waits_;                      // guarded by mutex_; lock waits since the last Take
  Activity taken_;                      // guarded by mutex_; the sum of all Takes
};

}  // namespace levee::memory
