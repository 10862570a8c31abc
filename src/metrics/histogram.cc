#include <algorithm>
#include <bit>

#include "metrics/metrics.h"

namespace levee::metrics {
namespace {

// Buckets of a power of two; the first powers have fewer values than that.
constexpr std::size_t kSteps = 4;

}  // namespace

std::size_t Histogram::BucketOf(std::int64_t duration_ns) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(duration_ns, 0));
  if (value < kSteps) return value;
  const auto power = static_cast<std::size_t>(std::bit_width(value)) - 1;  // at least 2
  const std::size_t step = (value >> (power - 2)) & (kSteps - 1);
  return std::min((power - 1) * kSteps + step, kBuckets - 1);
}

std::int64_t Histogram::UpperBoundNs(std::size_t bucket) {
  if (bucket < kSteps) return static_cast<std::int64_t>(bucket) + 1;
  const std::size_t power = bucket / kSteps + 1;
  const std::uint64_t step = bucket % kSteps;
  const std::uint64_t bound = (kSteps + step + 1) << (power - 2);
  return static_cast<std::int64_t>(std::min<std::uint64_t>(bound, INT64_MAX));
}

void Histogram::Record(std::int64_t duration_ns) {
  ++counts[BucketOf(duration_ns)];
  ++count;
  sum_ns += std::max<std::int64_t>(duration_ns, 0);
}

void Histogram::Merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) counts[i] += other.counts[i];
  count += other.count;
  sum_ns += other.sum_ns;
}

std::int64_t Histogram::QuantileNs(double quantile) const {
  const double wanted = std::clamp(quantile, 0.0, 1.0) * static_cast<double>(count);
  std::int64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += counts[bucket];
    if (counts[bucket] > 0 && static_cast<double>(seen) >= wanted) return UpperBoundNs(bucket);
  }
  return 0;
}

}  // namespace levee::metrics
