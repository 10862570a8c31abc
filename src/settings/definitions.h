// Every setting of Levee, declared once: flags, environment, levee.toml, help and documentation take
// them from here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/status.h"

namespace levee::settings {

enum class SettingType : std::uint8_t { kText, kInteger, kByteSize, kDuration, kFreshness, kSwitch };

struct Definition {
  std::string_view key;            // as in levee.toml; the flag has '-' for '_'
  SettingType type = SettingType::kText;
  std::string_view default_text;   // empty: measured or found on the machine, see `help`
  std::string_view environment;
  std::string_view help;           // one line
};

std::span<const Definition> Definitions();

// Null for an unknown key.
const Definition* FindDefinition(std::string_view key);

// kInvalidArgument when the text is no value of that type. An empty text is the default.
Status CheckValue(const Definition& definition, std::string_view text);

}  // namespace levee::settings
