// `status`: the store as a whole.
#include <array>

#include "base/memory_budget.h"
#include "cli/commands/commands.h"
#include "cli/help.h"
#include "cli/option_values.h"
#include "metrics/prometheus_text.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

using Info = store::Store::Info;

constexpr std::array<OptionSpec, 2> kOptions{
    OptionSpec{"metrics", OptionSpec::Takes::kNothing, "", "as Prometheus text"},
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|json", "default: table"}};
constexpr std::array<std::string_view, 3> kExamples{"levee status", "levee status --format json",
                                                    "levee status --metrics"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

using Caches = std::vector<cache::CacheUse>;

void AppendMemory(output::JsonWriter& json, const MemoryBudget& budget) {
  json.Key("memory")
      .BeginObject()
      .Member("limit", static_cast<std::int64_t>(budget.limit_bytes()))
      .Member("bytes", static_cast<std::int64_t>(budget.used_bytes()))
      .Key("parts")
      .BeginObject();
  for (std::size_t i = 0; i < kMemoryParts; ++i) {
    const auto part = static_cast<MemoryPart>(i);
    const MemoryBudget::Use use = budget.UseOf(part);
    json.Key(MemoryPartName(part))
        .BeginObject()
        .Member("bytes", static_cast<std::int64_t>(use.bytes))
        .Member("peak", static_cast<std::int64_t>(use.peak_bytes))
        .EndObject();
  }
  const MemoryBudget::Counters counters = budget.counters();
  json.EndObject()
      .Member("evictions", counters.evictions)
      .Member("spills", counters.spills)
      .Member("refusals", counters.refusals)
      .Member("overdrafts", counters.overdrafts)
      .EndObject();
}

std::string MemoryLine(const MemoryBudget& budget) {
  std::string text = "memory   " + output::HumanSize(static_cast<std::int64_t>(budget.used_bytes())) + " of " +
                     output::HumanSize(static_cast<std::int64_t>(budget.limit_bytes()));
  std::string_view separator = ": ";
  for (std::size_t i = 0; i < kMemoryParts; ++i) {
    const auto part = static_cast<MemoryPart>(i);
    const MemoryBudget::Use use = budget.UseOf(part);
    if (use.peak_bytes == 0) continue;
    text += std::string(separator) + std::string(MemoryPartName(part)) + ' ' +
            output::HumanSize(static_cast<std::int64_t>(use.bytes));
    separator = ", ";
  }
  return text + '\n';
}

std::string StatusJson(const Info& info, const Caches& caches) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject()
      .Member("store", info.uri)
      .Member("version", VersionText().substr(VersionText().find(' ') + 1))
      .Member("schemaVersion", info.schema_version)
      .Member("sizeInBytes", info.size_bytes)
      .Member("tables", info.tables)
      .Member("viewsBehind", info.views_behind);
  json.Key("history")
      .BeginObject()
      .Member("activeBytes", info.active_bytes)
      .Member("historyBytes", info.history_bytes)
      .EndObject();
  json.Key("caches").BeginObject();
  for (const cache::CacheUse& use : caches) {
    json.Key(use.name)
        .BeginObject()
        .Member("capacity", static_cast<std::int64_t>(use.capacity_bytes))
        .Member("bytes", static_cast<std::int64_t>(use.counters.bytes))
        .Member("entries", static_cast<std::int64_t>(use.counters.entries))
        .Member("hits", static_cast<std::int64_t>(use.counters.hits))
        .Member("misses", static_cast<std::int64_t>(use.counters.misses))
        .Member("nearMisses", static_cast<std::int64_t>(use.counters.shadow_hits))
        .Member("evictions", static_cast<std::int64_t>(use.counters.evictions))
        .Member("loads", static_cast<std::int64_t>(use.counters.loads))
        .Member("loadSeconds", static_cast<double>(use.counters.load_ns) / 1e9)
        .EndObject();
  }
  json.EndObject();
  AppendMemory(json, MemoryBudget::Process());
  json.Key("pool")
      .BeginObject()
      .Member("open", info.connections_open)
      .Member("inUse", info.connections_in_use)
      .EndObject();
  json.EndObject();
  return out + '\n';
}

std::string StatusText(const Info& info, const Caches& caches) {
  std::string text = "store    " + output::Printable(info.uri) + "\nversion  " + VersionText() + ", schema " +
         std::to_string(info.schema_version) + "\nsize     " + output::HumanSize(info.size_bytes) + " (" +
         output::GroupedNumber(info.size_bytes) + " bytes)\ntables   " + output::GroupedNumber(info.tables) +
         (info.views_behind > 0 ? ", views of " + output::GroupedNumber(info.views_behind) + " behind" : "") +
         "\nentries  " + output::HumanSize(info.active_bytes) + " active, " + output::HumanSize(info.history_bytes) +
         " history\n";
  for (const cache::CacheUse& use : caches) {
    text += "cache    " + std::string(use.name) + ": " +
            output::HumanSize(static_cast<std::int64_t>(use.counters.bytes)) + " of " +
            output::HumanSize(static_cast<std::int64_t>(use.capacity_bytes)) + ", " +
            output::GroupedNumber(static_cast<std::int64_t>(use.counters.hits)) + " hits, " +
            output::GroupedNumber(static_cast<std::int64_t>(use.counters.misses)) + " misses\n";
  }
  text += MemoryLine(MemoryBudget::Process());
  return text + "pool     " + output::GroupedNumber(info.connections_open) + " open, " +
         output::GroupedNumber(info.connections_in_use) + " in use\n";
}

struct Gauge {
  std::string_view name;
  std::string_view help;
  std::int64_t value;
};

// A number of every cache of this process, with its level as the label.
struct CacheMetric {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t (*value)(const cache::CacheUse& use);
};

constexpr std::array kCacheMetrics{
    CacheMetric{"levee_cache_capacity_bytes", "gauge", "What a level of the cache may hold now.",
                [](const cache::CacheUse& use) { return use.capacity_bytes; }},
    CacheMetric{"levee_cache_bytes", "gauge", "What a level of the cache holds.",
                [](const cache::CacheUse& use) { return use.counters.bytes; }},
    CacheMetric{"levee_cache_entries", "gauge", "Values in a level of the cache.",
                [](const cache::CacheUse& use) { return use.counters.entries; }},
    CacheMetric{"levee_cache_hits_total", "counter", "Look-ups that found a value.",
                [](const cache::CacheUse& use) { return use.counters.hits; }},
    CacheMetric{"levee_cache_misses_total", "counter", "Look-ups that found none.",
                [](const cache::CacheUse& use) { return use.counters.misses; }},
    CacheMetric{"levee_cache_near_misses_total", "counter", "Misses that slightly more room would have been hits.",
                [](const cache::CacheUse& use) { return use.counters.shadow_hits; }},
    CacheMetric{"levee_cache_evictions_total", "counter", "Values that had to go for want of room.",
                [](const cache::CacheUse& use) { return use.counters.evictions; }},
    CacheMetric{"levee_cache_expirations_total", "counter", "Values that outlived their time.",
                [](const cache::CacheUse& use) { return use.counters.expirations; }},
    CacheMetric{"levee_cache_loads_total", "counter", "Values made or read after a miss, and timed.",
                [](const cache::CacheUse& use) { return use.counters.loads; }},
};

void AddHeading(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += "# HELP " + std::string(name) + ' ' + std::string(help) + "\n# TYPE " + std::string(name) + ' ' +
         std::string(type) + '\n';
}

std::string CacheMetrics(const Caches& caches) {
  std::string out;
  for (const CacheMetric& metric : kCacheMetrics) {
    AddHeading(out, metric.name, metric.type, metric.help);
    for (const cache::CacheUse& use : caches) {
      out += std::string(metric.name) + "{level=\"" + std::string(use.name) + "\"} " +
             std::to_string(metric.value(use)) + '\n';
    }
  }
  return out;
}

std::string StatusMetrics(const Info& info, const Caches& caches) {
  const std::array gauges{
      Gauge{"levee_store_bytes", "Size of the store.", info.size_bytes},
      Gauge{"levee_store_active_bytes", "Entry data of active files.", info.active_bytes},
      Gauge{"levee_store_history_bytes", "Entry data of files that ended.", info.history_bytes},
      Gauge{"levee_store_tables", "Tables in the store.", info.tables},
      Gauge{"levee_store_views_behind", "Tables whose kept sums do not stand at the head.", info.views_behind},
      Gauge{"levee_store_schema_version", "Version of the store's schema.", info.schema_version},
  };
  std::string out;
  for (const Gauge& gauge : gauges) {
    AddHeading(out, gauge.name, "gauge", gauge.help);
    out += std::string(gauge.name) + ' ' + std::to_string(gauge.value) + '\n';
  }
  return out + CacheMetrics(caches) + metrics::PrometheusText();
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const Info info, catalog->store().ReadInfo());
  // Of this process: those of one that answers many questions say more.
  Caches caches = info.caches;
  for (const cache::CacheUse& use : catalog->Caches()) caches.push_back(use);
  if (context.line.Has("metrics")) {
    context.out.Append(StatusMetrics(info, caches));
  } else {
    context.out.Append(format == "json" ? StatusJson(info, caches) : StatusText(info, caches));
  }
  if (info.history_bytes > info.active_bytes) {
    LEVEE_RETURN_IF_ERROR(context.out.Flush());
    context.console.Note("history takes " + output::HumanSize(info.history_bytes) + ", more than the active part, " +
                         output::HumanSize(info.active_bytes) + " (levee add TABLE --keep DURATION limits it)");
  }
  return kExitDone;
}

}  // namespace

constinit const Command kStatusCommand{
    {.name = "status", .summary = "the store: size, tables, history", .options = kOptions, .examples = kExamples}, Run};

}  // namespace levee::cli
