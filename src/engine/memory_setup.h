// The memory bank out of settings.
#pragma once

#include "memory/store_bank/options.h"
#include "settings/settings.h"

namespace levee::engine {

// From settings that Settings::Load has checked.
memory::StoreBankOptions MemoryOptionsFrom(const settings::Settings& settings);

}  // namespace levee::engine
