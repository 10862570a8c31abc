// What the memory bank keeps in memory, out of settings.
#pragma once

#include "memory/store_bank/options.h"
#include "settings/settings.h"

namespace levee::engine {

// kInvalidArgument names a setting that the policy has no use for.
Status SetMemoryCache(const settings::Settings& settings, memory::StoreBankOptions& options);

}  // namespace levee::engine
