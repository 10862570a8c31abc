#include "memory/statistics/operation_log.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace levee::memory {

void OperationLog::End(Running& running) {
  const std::int64_t duration_ns = clock_.MonotonicNanos() - running.begin_ns_;
  const auto kind = static_cast<std::size_t>(running.kind_);
  Shard& shard = shards_[std::hash<std::thread::id>()(std::this_thread::get_id()) % kShards];
  {
    const std::lock_guard lock(shard.mutex);
    OperationFigures& figures = shard.figures[kind];
    figures.durations.Record(duration_ns);
    figures.errors += running.failed_ ? 1 : 0;
    figures.items += running.items_;
    figures.max_ns = std::max(figures.max_ns, duration_ns);
  }
  const bool is_slow = IsSlow(duration_ns);
  const LoggedOperations logged = logged_.load(std::memory_order_relaxed);
  const bool is_told = told_ && (logged == LoggedOperations::kAll || (logged == LoggedOperations::kSlow && is_slow));
  if (!is_slow && !is_told) return;
  SlowOperation slow{.at = clock_.NowMicros(), .operation = std::string(kOperationNames[kind]),
                     .text = running.text_ ? running.text_() : std::string(),
                     .duration_us = static_cast<double>(duration_ns) / 1000, .rows_examined = running.examined_,
                     .plan = std::move(running.plan_)};
  if (is_told) told_(slow);
  if (!is_slow) return;
  const std::lock_guard lock(mutex_);
  slow_.push_front(std::move(slow));
  if (slow_.size() > kSlowKept) slow_.pop_back();
  slow_untaken_ = std::min(slow_untaken_ + 1, slow_.size());
}

void OperationLog::CountLockWait(std::int64_t ns) {
  const std::lock_guard lock(mutex_);
  ++waits_.lock_waits;
  waits_.lock_wait_ns += ns;
  waits_.lock_wait_max_ns = std::max(waits_.lock_wait_max_ns, ns);
}

Activity OperationLog::Take(std::vector<SlowOperation>& slow) {
  const std::lock_guard lock(mutex_);
  Activity activity = std::exchange(waits_, {});
  for (Shard& shard : shards_) {
    const std::lock_guard shard_lock(shard.mutex);
    for (std::size_t kind = 0; kind < kOperationNames.size(); ++kind) {
      activity.operations[kind].Merge(std::exchange(shard.figures[kind], {}));
    }
  }
  taken_.Merge(activity);
  for (; slow_untaken_ > 0; --slow_untaken_) slow.push_back(slow_[slow_untaken_ - 1]);
  return activity;
}

Activity OperationLog::Total() const {
  const std::lock_guard lock(mutex_);
  Activity total = taken_;
  total.Merge(waits_);
  for (const Shard& shard : shards_) {
    const std::lock_guard shard_lock(shard.mutex);
    for (std::size_t kind = 0; kind < kOperationNames.size(); ++kind) total.operations[kind].Merge(shard.figures[kind]);
  }
  return total;
}

std::vector<SlowOperation> OperationLog::Slow() const {
  const std::lock_guard lock(mutex_);
  return {slow_.begin(), slow_.end()};
}

}  // namespace levee::memory
