// How long the operations of one kind took, for bench and stress.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "metrics/metrics.h"

namespace levee::memory {

// Percentiles are those of metrics::Histogram: to an eighth. For one thread; those of threads add up by Merge.
struct LoadTimes {
  metrics::Histogram durations;
  std::int64_t items = 0, errors = 0, max_ns = 0;
  std::string first_error;

  void Record(std::int64_t duration_ns, std::int64_t done_items) {
    durations.Record(duration_ns);
    max_ns = std::max(max_ns, duration_ns);
    items += done_items;
  }
  void Fail(std::string why) {
    if (errors++ == 0) first_error = std::move(why);
  }
  void Merge(const LoadTimes& other) {
    durations.Merge(other.durations);
    items += other.items;
    errors += other.errors;
    max_ns = std::max(max_ns, other.max_ns);
    if (first_error.empty()) first_error = other.first_error;
  }

  double mean_us() const {
    return durations.count == 0 ? 0 : static_cast<double>(durations.sum_ns) / 1e3 / static_cast<double>(durations.count);
  }
  // A bucket's bound, but never above what was measured.
  double QuantileUs(double quantile) const {
    return static_cast<double>(std::min(durations.QuantileNs(quantile), max_ns)) / 1e3;
  }
};

}  // namespace levee::memory
