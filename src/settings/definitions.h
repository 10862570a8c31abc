// What a setting of Levee is; src/settings/lists declares each once: flags, environment, levee.toml, help and docs/configuration.md take
// them from here.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace levee::settings {

enum class SettingType : std::uint8_t {
  kText,
  kInteger,
  kByteSize,
  kDuration,
  kFreshness,
  kSwitch,
  kProfile,
  kWord
};

// "text", "integer", "size", ...: as `config explain` and the documentation call it.
std::string_view TypeName(SettingType type);

// When a changed value is taken up: by processes that start later, or by those at work too.
enum class Effect : std::uint8_t { kNextProcess, kWhileRunning };

// Values that stand in for the default where the setting `profile` names a surrounding; empty: none.
struct ProfileDefaults {
  std::string_view development, production, constrained;
};

// Whose --help tells it; that of no command: levee(1), `config show` and docs/configuration.md do.
enum class ShownBy : std::uint8_t { kNoCommand, kEveryCommand, kMemoryCommands };

struct Definition {
  std::string_view key;            // as in levee.toml; the flag has '-' for '_'
  SettingType type = SettingType::kText;
  std::string_view default_text;   // empty: measured or found on the machine, see `help`
  std::string_view environment;
  std::string_view help;           // one line
  // The bounds, both allowed, as texts of the type; empty: none.
  std::string_view minimum, maximum;
  ProfileDefaults profiles;
  std::string_view words;          // of kWord: what it may be, each between blanks
  std::string_view switched_off;   // the value that switches the feature off; empty: it is none
  Effect effect = Effect::kNextProcess;
  bool may_hold_password = false;  // shown with the password blotted out
  ShownBy shown_by = ShownBy::kNoCommand;
};

std::span<const Definition> Definitions();

// Null for an unknown key.
const Definition* FindDefinition(std::string_view key);

inline constexpr std::array<std::string_view, 4> kProfileNames{"default", "development", "production",
                                                               "constrained"};

// What the setting is where nobody says so. An unknown profile is as "default".
std::string_view DefaultUnder(const Definition& definition, std::string_view profile);

// "16MB to 1TB"; empty without bounds.
std::string BoundsText(const Definition& definition);

// kInvalidArgument when the text is no value of that type or out of bounds. An empty text is the default.
Status CheckValue(const Definition& definition, std::string_view text);

}  // namespace levee::settings
