// `memory stats`: what the bank holds and how it did.
#include <array>

#include "cli/commands/memory/memory_commands.h"
#include "cli/option_values.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 1> kOptions{
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|json", "default: table"}};
constexpr std::array<std::string_view, 2> kExamples{"levee memory stats", "levee memory stats --format json"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

void AppendOperations(output::JsonWriter& json, const MemoryStats& stats) {
  json.Key("operations").BeginArray();
  for (const OperationStats& each : stats.operations) {
    json.BeginObject().Member("operation", each.operation).Member("calls", each.calls).Member("errors", each.errors);
    json.Member("items", each.items).Member("callsPerSecond", each.calls_per_s).Member("meanUs", each.mean_us);
    json.Member("p50Us", each.p50_us).Member("p95Us", each.p95_us).Member("p99Us", each.p99_us).Member("maxUs", each.max_us);
    json.EndObject();
  }
  json.EndArray().Key("slow").BeginArray();
  for (const SlowOperation& slow : stats.slow) {
    json.BeginObject().Member("at", output::UtcTime(slow.at / 1'000)).Member("operation", slow.operation);
    json.Member("text", slow.text).Member("durationUs", slow.duration_us).Member("rowsExamined", slow.rows_examined);
    json.EndObject();
  }
  json.EndArray().Key("warnings").BeginArray();
  for (const std::string& warning : stats.warnings) json.String(warning);
  json.EndArray();
}

std::string JsonOf(const MemoryStats& stats) {
  std::string text;
  output::JsonWriter json(text);
  json.BeginObject().Member("items", stats.items).Member("versions", stats.versions).Member("namespaces", stats.namespaces);
  json.Member("contentBytes", stats.content_bytes).Member("storeBytes", stats.store_bytes);
  json.Member("indexBytes", stats.index_bytes).Member("segments", stats.segments).Member("tailItems", stats.tail_items);
  json.Member("unindexed", stats.unindexed).Member("cacheBytes", stats.cache_bytes).Member("cacheHits", stats.cache_hits);
  json.Member("cacheMisses", stats.cache_misses).Member("cacheEvictions", stats.cache_evictions);
  json.Member("processBytes", stats.process_bytes).Member("lockWaits", stats.lock_waits);
  json.Member("lockWaitMeanUs", stats.lock_wait_mean_us).Member("lockWaitMaxUs", stats.lock_wait_max_us);
  AppendOperations(json, stats);
  json.EndObject();
  return text;
}

std::string TextOf(const MemoryStats& stats) {
  using output::GroupedNumber;
  using output::HumanSize;
  std::string text;
  const auto add = [&](const char* name, const std::string& value) {
    std::string line(name);
    line.resize(12, ' ');
    text += line + value + '\n';
  };
  add("items", GroupedNumber(stats.items) + " in " + GroupedNumber(stats.namespaces) + " namespaces");
  add("versions", GroupedNumber(stats.versions));
  add("content", HumanSize(stats.content_bytes));
  add("store", HumanSize(stats.store_bytes));
  add("segments", GroupedNumber(stats.segments) + ", " + GroupedNumber(stats.tail_items) + " items in the tail");
  add("unindexed", GroupedNumber(stats.unindexed));
  add("process", HumanSize(stats.process_bytes));
  for (const std::string& warning : stats.warnings) add("warning", warning);
  return text;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const MemoryStats stats, bank->Stats());
  if (format == "json") {
    context.out.AppendLine(JsonOf(stats));
  } else {
    context.out.Append(TextOf(stats));
  }
  for (const std::string& warning : stats.warnings) context.console.Note("memory stats: " + warning);
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryStatsCommand{{.name = "memory stats",
                                             .summary = "what the bank holds, and what it costs",
                                             .options = kOptions,
                                             .examples = kExamples},
                                            Run};

}  // namespace levee::cli
