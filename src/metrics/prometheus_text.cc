#include "metrics/prometheus_text.h"

#include <charconv>
#include <string_view>

#include "base/memory_budget.h"
#include "metrics/memory_metrics.h"
#include "metrics/metrics.h"

namespace levee::metrics {
namespace {

constexpr int kFirstPower = 10;  // 2^10 ns, about a microsecond
constexpr int kLastPower = 36;   // 2^36 ns, about 69 s

std::string_view TypeName(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter: return "counter";
    case MetricKind::kGauge: return "gauge";
    case MetricKind::kHistogram: return "histogram";
    case MetricKind::kSpan: break;
  }
  return "untyped";
}

std::string Seconds(std::int64_t duration_ns) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), static_cast<double>(duration_ns) / 1e9).ptr;
  return {text, end};
}

void AppendSample(std::string& out, std::string_view name, std::string_view labels, const std::string& value) {
  out += name;
  if (!labels.empty()) {
    out += '{';
    out += labels;
    out += '}';
  }
  out += ' ' + value + '\n';
}

void AppendHistogram(std::string& out, const Definition& definition) {
  const Histogram histogram = ReadHistogram(definition.id);
  const std::string name(definition.name);
  std::int64_t below = 0;
  std::size_t bucket = 0;
  for (int power = kFirstPower; power <= kLastPower; ++power) {
    const std::int64_t bound_ns = std::int64_t{1} << power;
    while (bucket < Histogram::kBuckets && Histogram::UpperBoundNs(bucket) <= bound_ns) {
      below += histogram.counts[bucket++];
    }
    AppendSample(out, name + "_bucket", "le=\"" + Seconds(bound_ns) + '"', std::to_string(below));
  }
  AppendSample(out, name + "_bucket", "le=\"+Inf\"", std::to_string(histogram.count));
  AppendSample(out, name + "_sum", "", Seconds(histogram.sum_ns));
  AppendSample(out, name + "_count", "", std::to_string(histogram.count));
}

}  // namespace

std::string PrometheusText() {
  std::string out;
  std::string_view last_name;
  for (const Definition& definition : Definitions()) {
    if (definition.kind == MetricKind::kSpan) continue;
    if (definition.name != last_name) {
      out += "# HELP " + std::string(definition.name) + ' ' + std::string(definition.help) + '\n';
      out += "# TYPE " + std::string(definition.name) + ' ' + std::string(TypeName(definition.kind)) + '\n';
    }
    last_name = definition.name;
    switch (definition.kind) {
      case MetricKind::kCounter:
        AppendSample(out, definition.name, definition.labels, std::to_string(ReadCounter(definition.id)));
        break;
      case MetricKind::kGauge:
        AppendSample(out, definition.name, definition.labels, std::to_string(ReadGauge(definition.id)));
        break;
      case MetricKind::kHistogram: AppendHistogram(out, definition); break;
      case MetricKind::kSpan: break;
    }
  }
  return out + MemoryMetricsText(MemoryBudget::Process());
}

}  // namespace levee::metrics
