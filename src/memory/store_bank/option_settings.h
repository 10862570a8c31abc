// Which setting sets which option of a bank, for the start and for later.
#pragma once

#include <span>
#include <string_view>

#include "memory/store_bank/options.h"

namespace levee::memory {

struct OptionSetting {
  std::string_view key;
  bool while_running;  // whether a bank that is open takes a change up
  // `text` is a value of the setting, as settings::CheckValue has it.
  void (*set)(StoreBankOptions& options, std::string_view text);
};

// Those of the bank itself and of the database behind it.
std::span<const OptionSetting> OptionSettings();

void SetOption(StoreBankOptions& options, std::string_view key, std::string_view text);

}  // namespace levee::memory
