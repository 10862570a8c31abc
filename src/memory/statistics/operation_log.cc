#include "memory/store_bank/operation_log.h"

#include <algorithm>
#include <functional>
#include <thread>

namespace levee::memory {
namespace {

double MicrosOf(std::int64_t ns) { return static_cast<double>(ns) / 1000; }

}  // namespace

void OperationLog::End(const Running& running) {
  const std::int64_t duration_ns = clock_.MonotonicNanos() - running.begin_ns_;
  Shard& shard = shards_[std::hash<std::thread::id>()(std::this_thread::get_id()) % kShards];
  {
    const std::lock_guard lock(shard.mutex);
    Totals& totals = shard.totals[static_cast<std::size_t>(running.kind_)];
    totals.durations.Record(duration_ns);
    totals.errors += running.failed_ ? 1 : 0;
    totals.items += running.items_;
    totals.max_ns = std::max(totals.max_ns, duration_ns);
  }
  if (duration_ns <= slow_us_.load(std::memory_order_relaxed) * 1000) return;
  const std::lock_guard lock(mutex_);
  slow_.push_front({.at = clock_.NowMicros(), .operation = std::string(kOperationNames[static_cast<std::size_t>(running.kind_)]),
                    .text = running.text_ ? running.text_() : std::string(), .duration_us = MicrosOf(duration_ns),
                    .rows_examined = running.examined_});
  if (slow_.size() > kSlowKept) slow_.pop_back();
}

void OperationLog::CountLockWait(std::int64_t ns) {
  const std::lock_guard lock(mutex_);
  ++lock_waits_;
  lock_wait_ns_ += ns;
  lock_wait_max_ns_ = std::max(lock_wait_max_ns_, ns);
}

void OperationLog::Report(MemoryStats& stats) const {
  const double seconds = static_cast<double>(clock_.MonotonicNanos() - since_ns_) / 1e9;
  for (std::size_t kind = 0; kind < kOperationNames.size(); ++kind) {
    Totals sum;
    for (const Shard& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      const Totals& totals = shard.totals[kind];
      sum.durations.Merge(totals.durations);
      sum.errors += totals.errors;
      sum.items += totals.items;
      sum.max_ns = std::max(sum.max_ns, totals.max_ns);
    }
    if (sum.durations.count == 0) continue;
    const auto calls = static_cast<double>(sum.durations.count);
    stats.operations.push_back({.operation = std::string(kOperationNames[kind]), .calls = sum.durations.count,
                                .errors = sum.errors, .items = sum.items, .calls_per_s = calls / std::max(seconds, 1e-9),
                                .mean_us = MicrosOf(sum.durations.sum_ns) / calls,
                                .p50_us = MicrosOf(sum.durations.QuantileNs(0.5)),
                                .p95_us = MicrosOf(sum.durations.QuantileNs(0.95)),
                                .p99_us = MicrosOf(sum.durations.QuantileNs(0.99)), .max_us = MicrosOf(sum.max_ns)});
  }
  const std::lock_guard lock(mutex_);
  stats.slow.assign(slow_.begin(), slow_.end());
  stats.lock_waits = lock_waits_;
  stats.lock_wait_mean_us = lock_waits_ == 0 ? 0 : MicrosOf(lock_wait_ns_) / static_cast<double>(lock_waits_);
  stats.lock_wait_max_us = MicrosOf(lock_wait_max_ns_);
}

}  // namespace levee::memory
