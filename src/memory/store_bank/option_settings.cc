#include "memory/store_bank/option_settings.h"

#include <charconv>
#include <string>

#include "settings/byte_size.h"
#include "settings/duration.h"

namespace levee::memory {
namespace {

// Values have been checked: one that cannot be read is not there.
std::int64_t Number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}
std::int64_t Millis(std::string_view text) { return settings::ParseDuration(text).value_or(0); }
std::int64_t Size(std::string_view text) { return settings::ParseByteSize(text).value_or(0); }
double Share(std::string_view text) {
  constexpr double kPercent = 0.01;
  return static_cast<double>(Number(text)) * kPercent;
}

void SetFuzzy(StoreBankOptions& options, std::string_view text) {
  options.typos = text == "auto" ? text::Typos{} : text::Typos{.unknown_only = false, .edits = static_cast<int>(Number(text))};
}
void SetWeight(StoreBankOptions& options, std::size_t field, std::string_view text) { options.weights[field] = Share(text); }

using Options = StoreBankOptions;
using Text = std::string_view;

constexpr bool kAlways = true, kAtStart = false;

constexpr OptionSetting kSettings[] = {
    {"memory_author", kAlways, [](Options& options, Text text) { options.author = text; }},
    {"memory_replica", kAtStart, [](Options& options, Text text) { options.replica = text; }},
    {"memory_durability", kAlways, [](Options& options, Text text) { options.durable = text == "disk"; }},
    {"memory_group_commit", kAtStart, [](Options& options, Text text) { options.group_commit = text == "on"; }},
    {"memory_merge", kAlways, [](Options& options, Text text) { options.background_merge = text == "background"; }},
    {"memory_content_limit", kAlways, [](Options& options, Text text) {
       options.limits.content_bytes_max = static_cast<std::size_t>(Size(text));
     }},
    {"memory_keep", kAlways, [](Options& options, Text text) {
       const std::int64_t keep_ms = Millis(text);
       options.keep_us = keep_ms > 0 ? std::optional(keep_ms * 1000) : std::nullopt;
     }},
    {"memory_text_stemming", kAtStart, [](Options& options, Text text) { options.analyzer.stemmer = text; }},
    {"memory_text_stop_words", kAtStart, [](Options& options, Text text) { options.analyzer.stop_words = text; }},
    {"memory_text_fuzzy", kAlways, SetFuzzy},
    {"memory_text_tags_weight", kAtStart, [](Options& options, Text text) { SetWeight(options, 1, text); }},
    {"memory_text_category_weight", kAtStart, [](Options& options, Text text) { SetWeight(options, 2, text); }},
    {"memory_slow", kAlways, [](Options& options, Text text) { options.slow_us = Millis(text) * 1000; }},
    {"memory_log_queries", kAlways, [](Options& options, Text text) {
       options.logged = text == "all" ? LoggedOperations::kAll : text == "slow" ? LoggedOperations::kSlow : LoggedOperations::kNone;
     }},
    {"memory_explain", kAlways, [](Options& options, Text text) { options.explain = text == "on"; }},
    {"memory_query_timeout", kAlways, [](Options& options, Text text) { options.query_timeout_ms = Millis(text); }},
    {"memory_statistics", kAlways, [](Options& options, Text text) { options.statistics_ms = Millis(text); }},
    {"memory_alert_latency", kAlways, [](Options& options, Text text) { options.alerts.latency_us = Millis(text) * 1000; }},
    {"memory_alert_hit_rate", kAlways, [](Options& options, Text text) { options.alerts.hit_rate = Share(text); }},
    {"memory_alert_errors", kAlways, [](Options& options, Text text) { options.alerts.error_rate = Share(text); }},
    {"memory_alert_lock_wait", kAlways, [](Options& options, Text text) { options.alerts.lock_wait_us = Millis(text) * 1000; }},
    {"memory_checkpoint_interval", kAlways, [](Options& options, Text text) { options.checkpoint_ms = Millis(text); }},
    {"memory_optimise", kAlways, [](Options& options, Text text) { options.optimise = text == "on"; }},
    {"memory_optimise_interval", kAlways, [](Options& options, Text text) { options.optimise_ms = Millis(text); }},
    {"memory_vacuum_interval", kAlways, [](Options& options, Text text) { options.vacuum_ms = Millis(text); }},
    {"memory_cache_size", kAlways, [](Options& options, Text text) {
       options.records.size_bytes = static_cast<std::size_t>(Size(text));
     }},
    {"memory_cache_policy", kAlways, [](Options& options, Text text) {
       options.records.policy = cache::PolicyOfName(text).value_or(options.records.policy);
     }},
    {"memory_cache_ttl", kAlways, [](Options& options, Text text) { options.records.life_ns = Millis(text) * 1'000'000; }},
    {"memory_cache_compression", kAlways, [](Options& options, Text text) {
       options.records.compress_above_bytes = static_cast<std::size_t>(Size(text));
     }},
    {"memory_cache_lfu_window", kAlways, [](Options& options, Text text) {
       options.records.tuning.lfu_window = static_cast<std::uint64_t>(Number(text));
     }},
    {"memory_cache_lfu_decay", kAlways, [](Options& options, Text text) { options.records.tuning.lfu_decay = Share(text); }},
    {"memory_cache_learning_rate", kAlways, [](Options& options, Text text) {
       options.records.tuning.learning_rate = static_cast<double>(Number(text));
     }},
    {"memory_cache_performance_threshold", kAlways, [](Options& options, Text text) {
       options.records.tuning.performance_threshold = Share(text);
     }},
    {"busy_timeout", kAlways, [](Options& options, Text text) { options.database.busy_timeout_ms = static_cast<int>(Millis(text)); }},
    {"memory_checkpoint_pages", kAlways, [](Options& options, Text text) {
       options.database.checkpoint_pages = static_cast<int>(Number(text));
     }},
    {"memory_page_cache", kAlways, [](Options& options, Text text) { options.database.page_cache_bytes = Size(text); }},
    {"memory_mmap_size", kAlways, [](Options& options, Text text) { options.database.mapped_bytes = Size(text); }},
    {"memory_temp_store", kAlways, [](Options& options, Text text) {
       using store::TempPlace;
       options.database.temporary = text == "file" ? TempPlace::kFile : text == "memory" ? TempPlace::kMemory : TempPlace::kDefault;
     }},
    {"memory_connections", kAlways, [](Options& options, Text text) {
       options.database.connections = static_cast<int>(Number(text));
     }},
    {"memory_idle_timeout", kAlways, [](Options& options, Text text) { options.database.idle_timeout_ms = Millis(text); }},
};

}  // namespace

std::span<const OptionSetting> OptionSettings() { return kSettings; }

void SetOption(StoreBankOptions& options, std::string_view key, std::string_view text) {
  for (const OptionSetting& setting : kSettings) {
    if (setting.key == key) return setting.set(options, text);
  }
}

}  // namespace levee::memory
