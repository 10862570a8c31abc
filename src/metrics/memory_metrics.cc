#include "metrics/memory_metrics.h"

#include <string_view>

namespace levee::metrics {
namespace {

void AppendHead(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help);
  out.append("\n# TYPE ").append(name).append(" ").append(kind).append("\n");
}

void AppendCounter(std::string& out, std::string_view name, std::string_view help, std::int64_t value) {
  AppendHead(out, name, "counter", help);
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

void AppendParts(std::string& out, const MemoryBudget& budget, std::string_view name,
                 std::uint64_t MemoryBudget::Use::*figure) {
  for (std::size_t i = 0; i < kMemoryParts; ++i) {
    const auto part = static_cast<MemoryPart>(i);
    out.append(name).append("{part=\"").append(MemoryPartName(part)).append("\"} ");
    out.append(std::to_string(budget.UseOf(part).*figure)).append("\n");
  }
}

}  // namespace

std::string MemoryMetricsText(const MemoryBudget& budget) {
  std::string out;
  AppendHead(out, "levee_memory_bytes", "gauge", "Memory that each part of the process holds of its budget.");
  AppendParts(out, budget, "levee_memory_bytes", &MemoryBudget::Use::bytes);
  AppendHead(out, "levee_memory_peak_bytes", "gauge", "The most that each part held at once.");
  AppendParts(out, budget, "levee_memory_peak_bytes", &MemoryBudget::Use::peak_bytes);
  AppendHead(out, "levee_memory_limit_bytes", "gauge", "What the process may hold: memory_limit.");
  out.append("levee_memory_limit_bytes ").append(std::to_string(budget.limit_bytes())).append("\n");
  const MemoryBudget::Counters counters = budget.counters();
  AppendCounter(out, "levee_memory_evictions_total", "Times that caches made room for other work.", counters.evictions);
  AppendCounter(out, "levee_memory_spills_total", "Times that work with another way found no room.", counters.spills);
  AppendCounter(out, "levee_memory_refusals_total", "Times that work was refused for want of memory.",
                counters.refusals);
  AppendCounter(out, "levee_memory_overdrafts_total", "Times that memory was held beyond the limit.",
                counters.overdrafts);
  return out;
}

}  // namespace levee::metrics
