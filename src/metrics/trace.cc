#include "metrics/trace.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>

namespace levee::metrics {
namespace {

// What one thread has kept. Its mutex is contended only while somebody takes the trace.
struct ThreadSpans {
  std::mutex mutex;
  // Guarded by mutex.
  std::vector<SpanRecord> spans;
  std::int64_t dropped = 0;
};

// Of all threads; those of ended ones stay until they are taken.
struct AllSpans {
  std::mutex mutex;
  std::vector<std::shared_ptr<ThreadSpans>> threads;  // guarded by mutex
};

// Never destroyed: threads may keep spans until the process is gone.
AllSpans& All() {
  static auto* const all = new AllSpans();
  return *all;
}

ThreadSpans& Own() {
  thread_local const std::shared_ptr<ThreadSpans> own = [] {
    auto spans = std::make_shared<ThreadSpans>();
    const std::lock_guard lock(All().mutex);
    All().threads.push_back(spans);
    return spans;
  }();
  return *own;
}

const Definition& DefinitionOf(Metric metric) { return Definitions()[static_cast<std::size_t>(metric)]; }

void AppendEvent(std::string& out, const SpanRecord& span, std::int64_t begin_ns) {
  char text[160];
  std::snprintf(text, sizeof(text), R"({"name":"%s","ph":"X","ts":%.3f,"dur":%.3f,"pid":1,"tid":%u})",
                SpanName(span.metric).c_str(), static_cast<double>(span.start_ns - begin_ns) / 1000,
                static_cast<double>(span.duration_ns) / 1000, span.thread);
  out += text;
}

}  // namespace

void SetTracing(bool tracing) { internal::SetState(internal::kTracing, tracing); }

void KeepSpan(Metric metric, std::int64_t start_ns, std::int64_t end_ns) {
  ThreadSpans& own = Own();
  const std::lock_guard lock(own.mutex);
  if (own.spans.size() >= kSpansOfThread) {
    ++own.dropped;
    return;
  }
  own.spans.push_back({.metric = metric, .start_ns = start_ns, .duration_ns = end_ns - start_ns});
}

Trace TakeTrace() {
  Trace trace;
  const std::lock_guard lock(All().mutex);
  std::uint32_t thread = 0;
  for (const auto& kept : All().threads) {
    const std::lock_guard thread_lock(kept->mutex);
    ++thread;
    for (SpanRecord& span : kept->spans) {
      span.thread = thread;
      trace.spans.push_back(span);
    }
    trace.dropped += kept->dropped;
    kept->spans.clear();
    kept->dropped = 0;
  }
  return trace;
}

std::string SpanName(Metric metric) {
  std::string_view name = DefinitionOf(metric).name;
  if (name.starts_with("levee_")) name.remove_prefix(6);
  if (name.ends_with("_seconds")) name.remove_suffix(8);
  return std::string(name);
}

std::string TraceJson(const Trace& trace) {
  std::int64_t begin_ns = 0;
  if (!trace.spans.empty()) begin_ns = std::ranges::min(trace.spans, {}, &SpanRecord::start_ns).start_ns;
  std::string out = R"({"displayTimeUnit":"ms","otherData":{"dropped":)" + std::to_string(trace.dropped);
  out += "},\"traceEvents\":[";
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    out += i == 0 ? "\n" : ",\n";
    AppendEvent(out, trace.spans[i], begin_ns);
  }
  return out + "\n]}\n";
}

}  // namespace levee::metrics
