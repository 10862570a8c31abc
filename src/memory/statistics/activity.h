// What a bank did, as figures that add up: of threads, intervals and processes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "levee/memory_reports.h"
#include "metrics/metrics.h"

namespace levee::memory {

// Their numbers are kept in files: new ones go to the end.
enum class OperationKind : std::uint8_t { kStore, kUpdate, kDelete, kGet, kHistory, kFind, kCount, kFacets };
inline constexpr std::array<std::string_view, 8> kOperationNames{"store",   "update", "delete", "get",
                                                                 "history", "find",   "count",  "facets"};

struct OperationFigures {
  metrics::Histogram durations;
  std::int64_t errors = 0, items = 0, max_ns = 0;

  void Merge(const OperationFigures& other);
};

struct Activity {
  std::array<OperationFigures, kOperationNames.size()> operations;
  std::int64_t lock_waits = 0, lock_wait_ns = 0, lock_wait_max_ns = 0;
  std::int64_t cache_hits = 0, cache_misses = 0, cache_evictions = 0;

  void Merge(const Activity& other);
  std::int64_t calls() const;
  double lock_wait_mean_us() const;
  // Of all looks at the cache; 1 where there were none.
  double cache_hit_rate() const;
};

// Of the kinds that were called, over that many seconds.
std::vector<OperationStats> StatsOf(const Activity& activity, double seconds);

}  // namespace levee::memory
