// What the memory bank keeps in memory, out of settings.
#pragma once

#include "memory/store_bank/options.h"
#include "settings/settings.h"

namespace levee::engine {

// What memory_cache_load says, which the other settings of the cache override, and what is warmed.
void SetCacheDefaults(const settings::Settings& settings, memory::StoreBankOptions& options);

// What tunes one policy means nothing to the others: kInvalidArgument names such a setting.
Status CheckCacheTuning(const settings::Settings& settings, cache::PolicyKind policy);

}  // namespace levee::engine
