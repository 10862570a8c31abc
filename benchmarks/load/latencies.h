// Latencies of one client, and what many come to.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace levee::load {

// What one client, or all of them, saw; written by one thread.
struct Latencies {
  std::vector<std::int64_t> all_ns;  // of requests that were answered
  std::int64_t errors = 0;
  std::string first_error;

  void Merge(const Latencies& other) {
    all_ns.insert(all_ns.end(), other.all_ns.begin(), other.all_ns.end());
    errors += other.errors;
    if (first_error.empty()) first_error = other.first_error;
  }
};

// The smallest time that at least `part` of the sorted times do not exceed, in microseconds; 0 without times.
inline double QuantileUs(const std::vector<std::int64_t>& sorted_ns, double part) {
  if (sorted_ns.empty()) return 0;
  const double rank = std::ceil(part * static_cast<double>(sorted_ns.size()));
  const auto at = static_cast<std::size_t>(std::max(rank - 1, 0.0));
  return static_cast<double>(sorted_ns[std::min(at, sorted_ns.size() - 1)]) / 1e3;
}

// {"requests":N,"errors":N,"per_second":F,"p50_us":F,...,"max_us":F}
inline std::string LatenciesJson(Latencies latencies, double seconds) {
  std::sort(latencies.all_ns.begin(), latencies.all_ns.end());
  const auto& sorted = latencies.all_ns;
  char text[512];
  std::snprintf(text, sizeof text,
                R"({"requests":%zu,"errors":%lld,"per_second":%.1f,"p50_us":%.1f,"p90_us":%.1f,"p99_us":%.1f,)"
                R"("p99_9_us":%.1f,"max_us":%.1f})",
                sorted.size(), static_cast<long long>(latencies.errors), static_cast<double>(sorted.size()) / seconds,
                QuantileUs(sorted, 0.5), QuantileUs(sorted, 0.9), QuantileUs(sorted, 0.99), QuantileUs(sorted, 0.999),
                QuantileUs(sorted, 1));
  return text;
}

}  // namespace levee::load
