#include "memory/statistics/activity.h"

#include <algorithm>
#include <string>

namespace levee::memory {
namespace {

double MicrosOf(std::int64_t ns) { return static_cast<double>(ns) / 1000; }

}  // namespace

void OperationFigures::Merge(const OperationFigures& other) {
  durations.Merge(other.durations);
  errors += other.errors;
  items += other.items;
  max_ns = std::max(max_ns, other.max_ns);
}

void Activity::Merge(const Activity& other) {
  for (std::size_t kind = 0; kind < operations.size(); ++kind) operations[kind].Merge(other.operations[kind]);
  lock_waits += other.lock_waits;
  lock_wait_ns += other.lock_wait_ns;
  lock_wait_max_ns = std::max(lock_wait_max_ns, other.lock_wait_max_ns);
  cache_hits += other.cache_hits;
  cache_misses += other.cache_misses;
  cache_evictions += other.cache_evictions;
}

std::int64_t Activity::calls() const {
  std::int64_t calls = 0;
  for (const OperationFigures& figures : operations) calls += figures.durations.count;
  return calls;
}

double Activity::lock_wait_mean_us() const {
  return lock_waits == 0 ? 0 : MicrosOf(lock_wait_ns) / static_cast<double>(lock_waits);
}

double Activity::cache_hit_rate() const {
  const std::int64_t looks = cache_hits + cache_misses;
  return looks == 0 ? 1 : static_cast<double>(cache_hits) / static_cast<double>(looks);
}

std::vector<OperationStats> StatsOf(const Activity& activity, double seconds) {
  constexpr double kLeastSeconds = 1e-9;
  std::vector<OperationStats> stats;
  for (std::size_t kind = 0; kind < kOperationNames.size(); ++kind) {
    const OperationFigures& figures = activity.operations[kind];
    if (figures.durations.count == 0) continue;
    const auto calls = static_cast<double>(figures.durations.count);
    // A bucket's bound, but never above what was measured.
    const auto quantile_us = [&](double quantile) {
      return MicrosOf(std::min(figures.durations.QuantileNs(quantile), figures.max_ns));
    };
    stats.push_back({.operation = std::string(kOperationNames[kind]), .calls = figures.durations.count,
                     .errors = figures.errors, .items = figures.items, .calls_per_s = calls / std::max(seconds, kLeastSeconds),
                     .error_rate = static_cast<double>(figures.errors) / calls,
                     .mean_us = MicrosOf(figures.durations.sum_ns) / calls, .p50_us = quantile_us(0.5),
                     .p95_us = quantile_us(0.95), .p99_us = quantile_us(0.99), .max_us = MicrosOf(figures.max_ns)});
  }
  return stats;
}

}  // namespace levee::memory
