// The options of every command: flags, then the environment (`LEVEE_...`), then levee.toml, then defaults.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "engine/engine.h"

namespace levee::cli {

using Environment = settings::EnvironmentLookup;

// --config, and a flag for each setting: "--memory-limit" for "memory_limit".
std::span<const OptionSpec> GlobalOptionSpecs();
// Those of them that the --help of a command tells: "files", or "memory find". The others are for few.
std::vector<OptionSpec> ShownOptionSpecs(std::string_view command);

// settings::CheckValue, and what only layers above it know: the names of time zones.
Status CheckSetting(const settings::Definition& definition, std::string_view text);

// Where the settings of a command line come from, flags checked.
std::expected<settings::Inputs, Failure> ReadSettingInputs(const ParsedLine& line, const Environment& environment);

// A wrong flag is wrong usage; a wrong variable or settings file an error. Both are named.
std::expected<engine::EngineOptions, Failure> ReadGlobalOptions(const ParsedLine& line,
                                                                const Environment& environment);

}  // namespace levee::cli
