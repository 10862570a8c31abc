// The memory bank out of settings.
#pragma once

#include <map>
#include <string>

#include "memory/store_bank/options.h"
#include "settings/settings.h"

namespace levee::engine {

// From settings that Settings::Load has checked.
memory::StoreBankOptions MemoryOptionsFrom(const settings::Settings& settings);

// For MemoryBank::UpdateSettings: those that a bank takes up while it is open.
std::map<std::string, std::string> ChangeableMemorySettings(const settings::Settings& settings);

}  // namespace levee::engine
