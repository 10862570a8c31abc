// levee.toml as a whole: where it is, what is wrong with it, changing it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "settings/definitions.h"

namespace levee::settings {

// A variable's value; empty when it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

// levee/levee.toml in $XDG_CONFIG_HOME, else in ~/.config; empty where neither is known.
std::string UserSettingsFile(const EnvironmentLookup& environment);

// Which files are looked for, in order; the first that is there is read. `given` stands for them all.
std::vector<std::string> SettingsFilePlaces(const std::string& given, const EnvironmentLookup& environment);

// kNotFound, kIo.
Result<std::string> ReadSettingsFile(const std::string& path);

struct SettingsProblem {
  int line = 0;
  std::string why, hint;
  std::string unknown_key;  // the key, where it is that which is wrong
};

// Everything that is wrong with a file's text, by line; `check` says whether a value will do. No problem
// tells a value that may hold a password.
std::vector<SettingsProblem> CheckSettingsText(
    std::string_view text,
    const std::function<Status(const Definition&, std::string_view)>& check = CheckValue);

// Sets one value, keeping the file's comments and order; makes the file and its folders when they are not
// there. Readers see the old file or the new one. The value must have been checked. kInvalidArgument, and the
// file stays, when a line of it cannot be read; kIo.
Status WriteSetting(const std::string& path, const Definition& definition, std::string_view value);

}  // namespace levee::settings
