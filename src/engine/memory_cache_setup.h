// What the memory bank keeps in memory, out of settings.
#pragma once

#include "memory/store_bank/options.h"
#include "settings/settings.h"

namespace levee::engine {

// What memory_cache_load says, which the other settings of the cache override, and what is warmed.
void SetCacheDefaults(const settings::Settings& settings, memory::StoreBankOptions& options);

}  // namespace levee::engine
