#ifndef LEVEE_EMBEDDED
#include "engine/memory_cache_setup.h"

#include <string_view>

#include "memory/cache/load_profile.h"
#include "memory/cache/tuned_policy.h"
#include "settings/definitions.h"

namespace levee::engine {
namespace {

// What tunes one policy means nothing to the others.
Status CheckTuning(const settings::Settings& settings, cache::PolicyKind policy) {
  for (const settings::Definition& definition : settings::Definitions()) {
    const auto tuned = memory::PolicyTunedBy(definition.key);
    if (!tuned || *tuned == policy || settings.Get(definition.key).source == settings::Source::kDefault) continue;
    return std::unexpected(memory::TunesAnotherPolicy(definition.key, *tuned, policy));
  }
  return {};
}

std::vector<std::string> SplitNames(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view name = text.substr(0, comma);
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace

Status SetMemoryCache(const settings::Settings& settings, memory::StoreBankOptions& options) {
  const auto load = memory::LoadProfileOfName(settings.Text("memory_cache_load"));
  const memory::CacheDefaults& defaults = memory::DefaultsOf(load.value_or(memory::LoadProfile::kBalanced));
  const auto given = [&](std::string_view key) { return !settings.Text(key).empty(); };
  memory::RecordCacheOptions& records = options.records;
  records = defaults.records;
  options.cache_bytes = defaults.page_bytes;
  options.warm.items = defaults.warm_items;
  if (given("memory_cache_size")) records.size_bytes = static_cast<std::size_t>(settings.ByteSize("memory_cache_size"));
  if (given("memory_cache_policy")) {
    records.policy = cache::PolicyOfName(settings.Text("memory_cache_policy")).value_or(records.policy);
  }
  if (given("memory_cache_compression")) {
    records.compress_above_bytes = static_cast<std::size_t>(settings.ByteSize("memory_cache_compression"));
  }
  if (given("memory_cache_warm_items")) options.warm.items = settings.Integer("memory_cache_warm_items");
  options.warm.categories = SplitNames(settings.Text("memory_cache_warm_categories"));
  records.life_ns = settings.DurationMs("memory_cache_ttl") * 1'000'000;
  constexpr double kWhole = 100;
  records.tuning.lfu_window = static_cast<std::uint64_t>(settings.Integer("memory_cache_lfu_window"));
  records.tuning.lfu_decay = static_cast<double>(settings.Integer("memory_cache_lfu_decay")) / kWhole;
  records.tuning.learning_rate = static_cast<double>(settings.Integer("memory_cache_learning_rate"));
  records.tuning.performance_threshold =
      static_cast<double>(settings.Integer("memory_cache_performance_threshold")) / kWhole;
  return CheckTuning(settings, records.policy);
}

}  // namespace levee::engine
#endif
