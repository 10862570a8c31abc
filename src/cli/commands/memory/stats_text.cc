#include "cli/commands/memory/stats_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "output/human_text.h"

namespace levee::cli {
namespace {

using output::GroupedNumber;
using output::HumanSize;

constexpr std::size_t kSlowShown = 10, kSlowTextWidth = 60;

void Add(std::string& text, const char* name, const std::string& value) {
  std::string line(name);
  line.resize(12, ' ');
  text += line + value + '\n';
}

std::string Time(double us) { return output::HumanDuration(static_cast<std::int64_t>(std::llround(us * 1'000))); }

std::string Percent(double share) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %%", share * 100);
  return text.data();
}

void AddOperations(std::string& text, const std::vector<OperationStats>& operations) {
  for (const OperationStats& each : operations) {
    std::array<char, 64> rate{};
    std::snprintf(rate.data(), rate.size(), ", %.3g/s", each.calls_per_s);
    Add(text, each.operation.c_str(), GroupedNumber(each.calls) + (each.calls == 1 ? " call" : " calls") + rate.data() +
                                          ", mean " + Time(each.mean_us) + ", p50 " + Time(each.p50_us) + ", p95 " +
                                          Time(each.p95_us) + ", p99 " + Time(each.p99_us) + ", errors " + Percent(each.error_rate));
  }
}

void AddSlow(std::string& text, const std::vector<SlowOperation>& slow) {
  for (std::size_t i = 0; i < std::min(slow.size(), kSlowShown); ++i) {
    const SlowOperation& each = slow[i];
    Add(text, i == 0 ? "slow" : "", output::UtcTime(each.at / 1'000) + " " + each.operation + " " + Time(each.duration_us) + ", " +
                                        GroupedNumber(each.rows_examined) + " rows examined: " +
                                        output::Shortened(output::Printable(each.text), kSlowTextWidth));
  }
}

// Of both kinds of statistics, whose members are of the same names.
template <typename Stats>
void AddCacheAndLocks(std::string& text, const Stats& stats) {
  Add(text, "cache", HumanSize(stats.cache_bytes) + ", " + GroupedNumber(stats.cache_hits + stats.cache_misses) + " looks, " +
                         Percent(stats.cache_hit_rate) + " hit, " + GroupedNumber(stats.cache_evictions) + " evicted");
  Add(text, "lock waits", GroupedNumber(stats.lock_waits) + ", mean " + Time(stats.lock_wait_mean_us) + ", most " +
                              Time(stats.lock_wait_max_us));
}

}  // namespace

std::string StatsText(const MemoryStats& stats) {
  std::string text;
  Add(text, "items", GroupedNumber(stats.items) + " in " + GroupedNumber(stats.namespaces) + " namespaces");
  Add(text, "versions", GroupedNumber(stats.versions));
  Add(text, "content", HumanSize(stats.content_bytes));
  Add(text, "store", HumanSize(stats.store_bytes));
  Add(text, "segments", GroupedNumber(stats.segments) + ", " + GroupedNumber(stats.tail_items) + " items in the tail");
  Add(text, "unindexed", GroupedNumber(stats.unindexed));
  std::string parts;
  for (const MemoryPartBytes& part : stats.memory) parts += (parts.empty() ? ": " : ", ") + part.part + " " + HumanSize(part.bytes);
  Add(text, "process", HumanSize(stats.process_bytes) + parts);
  if (!stats.operations.empty()) AddCacheAndLocks(text, stats);
  AddOperations(text, stats.operations);
  AddSlow(text, stats.slow);
  for (const std::string& warning : stats.warnings) Add(text, "warning", warning);
  return text;
}

std::string HistoryText(const StatsHistory& history) {
  std::string text;
  if (history.samples.empty()) return "nothing was asked in that time, or nothing was kept of it\n";
  const StatsSample& all = history.all;
  Add(text, "from", output::UtcTime(all.from / 1'000));
  Add(text, "until", output::UtcTime(all.until / 1'000) + ", " + GroupedNumber(static_cast<std::int64_t>(history.samples.size())) +
                         " samples");
  Add(text, "items", GroupedNumber(all.items) + ", " + HumanSize(all.content_bytes) + " of content");
  Add(text, "store", HumanSize(all.store_bytes) + ", text index " + HumanSize(all.index_bytes));
  Add(text, "process", HumanSize(all.process_bytes));
  AddCacheAndLocks(text, all);
  AddOperations(text, all.operations);
  AddSlow(text, history.slow);
  for (const std::string& warning : history.warnings) Add(text, "warning", warning);
  return text;
}

}  // namespace levee::cli
