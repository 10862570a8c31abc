#include "cli/commands/memory/stats_text.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

void AppendOperations(output::JsonWriter& json, const std::vector<OperationStats>& operations) {
  json.Key("operations").BeginArray();
  for (const OperationStats& each : operations) {
    json.BeginObject().Member("operation", each.operation).Member("calls", each.calls).Member("errors", each.errors);
    json.Member("items", each.items).Member("callsPerSecond", each.calls_per_s).Member("errorRate", each.error_rate);
    json.Member("meanUs", each.mean_us).Member("p50Us", each.p50_us).Member("p95Us", each.p95_us);
    json.Member("p99Us", each.p99_us).Member("maxUs", each.max_us).EndObject();
  }
  json.EndArray();
}

void AppendSlow(output::JsonWriter& json, const std::vector<SlowOperation>& operations) {
  json.Key("slow").BeginArray();
  for (const SlowOperation& slow : operations) {
    json.BeginObject().Member("at", output::UtcTime(slow.at / 1'000)).Member("operation", slow.operation);
    json.Member("text", slow.text).Member("durationUs", slow.duration_us).Member("rowsExamined", slow.rows_examined);
    if (!slow.plan.empty()) json.Member("plan", slow.plan);
    json.EndObject();
  }
  json.EndArray();
}

void AppendWarnings(output::JsonWriter& json, const std::vector<std::string>& warnings) {
  json.Key("warnings").BeginArray();
  for (const std::string& warning : warnings) json.String(warning);
  json.EndArray();
}

// The members of a sample, without braces.
void AppendSample(output::JsonWriter& json, const StatsSample& sample) {
  json.Member("from", output::UtcTime(sample.from / 1'000)).Member("until", output::UtcTime(sample.until / 1'000));
  if (sample.process != 0) json.Member("process", sample.process);
  json.Member("items", sample.items).Member("contentBytes", sample.content_bytes).Member("storeBytes", sample.store_bytes);
  json.Member("indexBytes", sample.index_bytes).Member("cacheBytes", sample.cache_bytes);
  json.Member("cacheHits", sample.cache_hits).Member("cacheMisses", sample.cache_misses);
  json.Member("cacheEvictions", sample.cache_evictions).Member("cacheHitRate", sample.cache_hit_rate);
  json.Member("processBytes", sample.process_bytes).Member("lockWaits", sample.lock_waits);
  json.Member("lockWaitMeanUs", sample.lock_wait_mean_us).Member("lockWaitMaxUs", sample.lock_wait_max_us);
  AppendOperations(json, sample.operations);
}

}  // namespace

std::string StatsJson(const MemoryStats& stats) {
  std::string text;
  output::JsonWriter json(text);
  json.BeginObject().Member("items", stats.items).Member("versions", stats.versions).Member("namespaces", stats.namespaces);
  json.Member("contentBytes", stats.content_bytes).Member("storeBytes", stats.store_bytes);
  json.Member("indexBytes", stats.index_bytes).Member("segments", stats.segments).Member("tailItems", stats.tail_items);
  json.Member("unindexed", stats.unindexed).Member("cacheBytes", stats.cache_bytes).Member("cacheHits", stats.cache_hits);
  json.Member("cacheMisses", stats.cache_misses).Member("cacheEvictions", stats.cache_evictions);
  json.Member("cacheHitRate", stats.cache_hit_rate).Member("processBytes", stats.process_bytes);
  json.Key("memory").BeginObject();
  for (const MemoryPartBytes& part : stats.memory) json.Member(part.part, part.bytes);
  json.EndObject().Member("lockWaits", stats.lock_waits).Member("lockWaitMeanUs", stats.lock_wait_mean_us);
  json.Member("lockWaitMaxUs", stats.lock_wait_max_us);
  AppendOperations(json, stats.operations);
  AppendSlow(json, stats.slow);
  AppendWarnings(json, stats.warnings);
  json.EndObject();
  return text;
}

std::string HistoryJson(const StatsHistory& history) {
  std::string text;
  output::JsonWriter json(text);
  json.BeginObject();
  AppendSample(json, history.all);
  json.Key("samples").BeginArray();
  for (const StatsSample& sample : history.samples) {
    json.BeginObject();
    AppendSample(json, sample);
    json.EndObject();
  }
  json.EndArray();
  AppendSlow(json, history.slow);
  AppendWarnings(json, history.warnings);
  json.EndObject();
  return text;
}

}  // namespace levee::cli
