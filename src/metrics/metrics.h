// Counting what happens. Each thread counts into cells of its own, so that counting costs a load and a store;
// reading adds the cells of all threads up.
//
// Off (`metrics = off`) nothing is counted and no clock is read. Spans, which tell when each scope ran, are kept
// while a trace is asked for: trace.h.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "metrics/metric_list.h"

namespace levee::metrics {

enum class MetricKind : std::uint8_t {
  kCounter,    // only grows
  kGauge,      // goes up and down
  kHistogram,  // durations
  kSpan,       // when a scope ran; only a trace shows it
};

enum class Metric : std::uint8_t {
#define LEVEE_METRIC_ID(id, kind, name, labels, help) id,
  LEVEE_METRICS(LEVEE_METRIC_ID)
#undef LEVEE_METRIC_ID
};

struct Definition {
  Metric id;
  MetricKind kind;
  std::string_view name;
  std::string_view labels;  // as Prometheus writes them, without braces
  std::string_view help;
};

// In the order of the list.
std::span<const Definition> Definitions();

// Durations in nanoseconds, in buckets of which four share a power of two: a quantile is off by 12.5 % at most.
// Histograms of threads, processes and hours merge by adding their buckets.
struct Histogram {
  static constexpr std::size_t kBuckets = 248;

  std::array<std::int64_t, kBuckets> counts{};
  std::int64_t count = 0;
  std::int64_t sum_ns = 0;

  static std::size_t BucketOf(std::int64_t duration_ns);
  // The least duration that is above the bucket, in nanoseconds.
  static std::int64_t UpperBoundNs(std::size_t bucket);

  void Record(std::int64_t duration_ns);
  void Merge(const Histogram& other);
  // At least a share `quantile` (0 to 1) of the durations is below the result; 0 when there are none.
  std::int64_t QuantileNs(double quantile) const;
};

// --- counting -----------------------------------------------------------------------------------------
namespace internal {
inline constexpr std::uint8_t kCounting = 1, kTracing = 2;
extern constinit std::atomic<std::uint8_t> state;
std::atomic<std::int64_t>& CounterCell(Metric metric);
inline bool Is(std::uint8_t bit) { return (state.load(std::memory_order_relaxed) & bit) != 0; }
void SetState(std::uint8_t bit, bool on);
}  // namespace internal

inline bool Enabled() { return internal::Is(internal::kCounting); }
inline bool Tracing() { return internal::Is(internal::kTracing); }
void SetEnabled(bool enabled);

// `metric` is a counter.
inline void Count(Metric metric, std::int64_t amount = 1) {
  if (!Enabled()) return;
  std::atomic<std::int64_t>& cell = internal::CounterCell(metric);
  // Only this thread writes the cell.
  cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}
// `metric` is a gauge; counted whether metrics are on or off, for what goes up has to come down.
void AddToGauge(Metric metric, std::int64_t amount);
// `metric` is a histogram.
void Record(Metric metric, std::int64_t duration_ns);

// Keeps that a scope ran, for the trace; by threads of their own. Without effect while there is no trace.
void KeepSpan(Metric metric, std::int64_t start_ns, std::int64_t end_ns);

// Records how long a scope took, and is a span of a trace.
class Timer {
 public:
  explicit Timer(Metric histogram)
      : metric_(histogram),
        start_ns_(internal::Is(internal::kCounting | internal::kTracing) ? SystemClock().MonotonicNanos() : 0) {}
  ~Timer() {
    if (start_ns_ == 0) return;
    const std::int64_t end_ns = SystemClock().MonotonicNanos();
    Record(metric_, end_ns - start_ns_);
    if (Tracing()) KeepSpan(metric_, start_ns_, end_ns);
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  // The scope did nothing worth recording.
  void Cancel() { start_ns_ = 0; }

 private:
  const Metric metric_;
  std::int64_t start_ns_;  // 0: not counting
};

// A scope that only a trace shows: a load where there is none.
class Span {
 public:
  explicit Span(Metric span) : metric_(span), start_ns_(Tracing() ? SystemClock().MonotonicNanos() : 0) {}
  ~Span() {
    if (start_ns_ != 0) KeepSpan(metric_, start_ns_, SystemClock().MonotonicNanos());
  }
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

 private:
  const Metric metric_;
  const std::int64_t start_ns_;  // 0: no trace
};

// --- reading ------------------------------------------------------------------------------------------
// Summed over all threads, ended ones too; not at one instant.
std::int64_t ReadCounter(Metric metric);
std::int64_t ReadGauge(Metric metric);
Histogram ReadHistogram(Metric metric);

}  // namespace levee::metrics
