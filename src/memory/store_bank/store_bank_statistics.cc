// What the bank holds, what was done with it, and what somebody should hear of.
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "memory/statistics/process_memory.h"
#include "memory/store_bank/with_view.h"

namespace levee::memory {
namespace {

template <typename T>
std::int64_t BytesOf(const std::vector<T>& values) {
  return static_cast<std::int64_t>(values.capacity() * sizeof(T));
}

std::int64_t BytesOf(const RowColumns& columns) {
  return BytesOf(columns.hashes) + BytesOf(columns.operation) + BytesOf(columns.version) + BytesOf(columns.name_space) +
         BytesOf(columns.category) + BytesOf(columns.author) + BytesOf(columns.created) + BytesOf(columns.updated) +
         BytesOf(columns.expires) + BytesOf(columns.written) + BytesOf(columns.content_bytes) + BytesOf(columns.tag_ends) +
         BytesOf(columns.tags);
}

// Of rows, in whatever part they are.
Result<MemoryStats> CountRows(const View& view) {
  MemoryStats made;
  made.items = view.totals().all().items;
  made.content_bytes = view.totals().all().content_bytes;
  for (const auto& [number, total] : view.totals().by_namespace()) made.namespaces += total.items > 0 ? 1 : 0;
  std::int64_t column_bytes = 0, tail_bytes = 0;
  for (const auto& part : view.parts()) {
    LEVEE_ASSIGN(const RowColumns* columns, part->Columns());
    for (const Operation operation : columns->operation) made.versions += operation != Operation::kDelete ? 1 : 0;
    column_bytes += BytesOf(*columns);
  }
  made.segments = static_cast<std::int64_t>(view.segments().size());
  for (const auto& run : view.runs()) {
    made.tail_items += run->rows();
    tail_bytes += static_cast<std::int64_t>(run->size_bytes());
  }
  made.memory = {{"tail", tail_bytes}, {"columns", column_bytes}};
  return made;
}

// Into what is told of an interval, or of this process.
template <typename Counts>
void TakeCounts(Counts& counts, const Activity& activity, double seconds) {
  counts.operations = StatsOf(activity, seconds);
  counts.cache_hits = activity.cache_hits;
  counts.cache_misses = activity.cache_misses;
  counts.cache_evictions = activity.cache_evictions;
  counts.cache_hit_rate = activity.cache_hit_rate();
  counts.lock_waits = activity.lock_waits;
  counts.lock_wait_mean_us = activity.lock_wait_mean_us();
  counts.lock_wait_max_us = static_cast<double>(activity.lock_wait_max_ns) / 1000;
}

double SecondsOf(const StatsSample& sample) { return static_cast<double>(sample.until - sample.from) / 1e6; }

StatsSample SampleOf(const StatisticsRecord& record) {
  StatsSample sample{.from = record.from, .until = record.until, .process = record.process, .items = record.items,
                     .content_bytes = record.content_bytes, .store_bytes = record.store_bytes,
                     .index_bytes = record.index_bytes, .cache_bytes = record.cache_bytes,
                     .process_bytes = record.process_bytes};
  TakeCounts(sample, record.activity, SecondsOf(sample));
  return sample;
}

}  // namespace

Result<MemoryStats> StoreBank::Stats() {
  LEVEE_ASSIGN(MemoryStats stats, WithView<MemoryStats>([&](const View& view) -> Result<MemoryStats> {
    LEVEE_ASSIGN(MemoryStats made, CountRows(view));
    made.unindexed = text_.Unindexed(view);
    return made;
  }));
  LEVEE_ASSIGN(stats.store_bytes, store_.SizeBytes());
  stats.index_bytes = text_.memory_bytes() + indexes_.memory_bytes();
  const cache::CacheCounters counters = records_.counters();
  stats.cache_bytes = CacheBytes();
  stats.memory.push_back({"texts", text_.memory_bytes()});
  stats.memory.push_back({"indexes", indexes_.memory_bytes()});
  stats.memory.push_back({"cache", stats.cache_bytes});
  Activity activity = log_.Total();
  activity.cache_hits = static_cast<std::int64_t>(counters.hits);
  activity.cache_misses = static_cast<std::int64_t>(counters.misses);
  activity.cache_evictions = static_cast<std::int64_t>(counters.evictions);
  TakeCounts(stats, activity, log_.seconds());
  stats.process_bytes = ProcessBytes();
  stats.slow = log_.Slow();
  for (Alert& alert : AlertsOf(activity, Now()->alerts)) stats.warnings.push_back(std::move(alert.text));
  return stats;
}

std::int64_t StoreBank::CacheBytes() {
  return static_cast<std::int64_t>(records_.counters().bytes + pages_.cache().counters().bytes);
}

void StoreBank::TakeCacheCounts(Activity& activity) {
  const cache::CacheCounters now = records_.counters();
  activity.cache_hits = static_cast<std::int64_t>(now.hits - cache_before_.hits);
  activity.cache_misses = static_cast<std::int64_t>(now.misses - cache_before_.misses);
  activity.cache_evictions = static_cast<std::int64_t>(now.evictions - cache_before_.evictions);
  cache_before_ = now;
}

void StoreBank::TellAlerts() {
  const std::lock_guard lock(collecting_);
  const std::vector<Alert> alerts = AlertsOf(std::exchange(unjudged_, {}), Now()->alerts);
  for (const std::string& text : crossings_.New(alerts)) Note(text);
}

Status StoreBank::Collect() {
  const std::lock_guard lock(collecting_);
  StatisticsRecord record{.from = collected_, .until = clock_.NowMicros(), .process = ::getpid()};
  record.activity = log_.Take(record.slow);
  TakeCacheCounts(record.activity);
  collected_ = record.until;
  unjudged_.Merge(record.activity);
  if (record.activity.calls() == 0) return {};
  {
    const SharedView::Reading view = view_.ReadAsIs();
    record.items = view->totals().all().items;
    record.content_bytes = view->totals().all().content_bytes;
  }
  LEVEE_ASSIGN(record.store_bytes, store_.SizeBytes());
  record.index_bytes = text_.memory_bytes() + indexes_.memory_bytes();
  record.cache_bytes = CacheBytes();
  record.process_bytes = ProcessBytes();
  return history_.Keep(record);
}

Result<StatsHistory> StoreBank::StatsSince(std::int64_t since) {
  LEVEE_RETURN_IF_ERROR(Collect());
  LEVEE_ASSIGN(const std::vector<StatisticsRecord> records, history_.Since(since));
  StatsHistory history;
  if (records.empty()) return history;
  Activity sum;
  history.samples.reserve(records.size());
  std::int64_t from = records.front().from;
  for (const StatisticsRecord& record : records) {
    history.samples.push_back(SampleOf(record));
    sum.Merge(record.activity);
    from = std::min(from, record.from);
    std::ranges::copy(record.slow, std::back_inserter(history.slow));
  }
  history.all = history.samples.back();
  history.all.from = from;
  history.all.process = 0;
  TakeCounts(history.all, sum, SecondsOf(history.all));
  std::ranges::stable_sort(history.slow, std::ranges::greater{}, &SlowOperation::at);
  for (Alert& alert : AlertsOf(sum, Now()->alerts)) history.warnings.push_back(std::move(alert.text));
  return history;
}

}  // namespace levee::memory
