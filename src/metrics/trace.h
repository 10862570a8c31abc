// When the scopes of this process ran: the trace behind `--trace-file`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/metrics.h"

namespace levee::metrics {

// A scope that has ended.
struct SpanRecord {
  Metric metric = Metric::kOpenSeconds;  // a histogram or a span
  std::uint32_t thread = 0;              // in order of each thread's first span, from 1
  std::int64_t start_ns = 0;             // of the machine's monotonic clock
  std::int64_t duration_ns = 0;
};

struct Trace {
  std::vector<SpanRecord> spans;  // by thread, then in the order in which they ended
  std::int64_t dropped = 0;       // that were too many to keep
};

// From now on spans are kept, or no longer. What was kept before stays.
void SetTracing(bool tracing);

// What was kept until now, of ended threads too. It is kept no longer.
Trace TakeTrace();

// Kept for each thread at most; later ones are dropped and counted.
inline constexpr std::size_t kSpansOfThread = 200'000;

// The name of a metric in a trace: "open" for levee_open_seconds.
std::string SpanName(Metric metric);

// As JSON in the Trace Event Format (complete events, times in microseconds since the first span), which
// chrome://tracing and ui.perfetto.dev draw.
std::string TraceJson(const Trace& trace);

}  // namespace levee::metrics
