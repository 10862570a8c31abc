#ifndef LEVEE_EMBEDDED
#include "engine/memory_cache_setup.h"

#include <string_view>

#include "memory/cache/load_profile.h"

namespace levee::engine {
namespace {

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

void SetCacheDefaults(const settings::Settings& settings, memory::StoreBankOptions& options) {
  const auto load = memory::LoadProfileOfName(settings.Text("memory_cache_load"));
  const memory::CacheDefaults& defaults = memory::DefaultsOf(load.value_or(memory::LoadProfile::kBalanced));
  options.records = defaults.records;
  options.cache_bytes = defaults.page_bytes;
  const bool given = !settings.Text("memory_cache_warm_items").empty();
  options.warm.items = given ? settings.Integer("memory_cache_warm_items") : defaults.warm_items;
  options.warm.categories = SplitNames(settings.Text("memory_cache_warm_categories"));
}

}  // namespace levee::engine
#endif
