// The options of every command: flags, then the environment (`LEVEE_...`), then levee.toml, then defaults.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "cli/command.h"
#include "engine/engine.h"

namespace levee::cli {

// A variable's value; empty when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// --config, and a flag for each setting: "--memory-limit" for "memory_limit".
std::span<const OptionSpec> GlobalOptionSpecs();

// A wrong flag is wrong usage; a wrong variable or settings file an error. Both are named.
std::expected<engine::EngineOptions, Failure> ReadGlobalOptions(const ParsedLine& line,
                                                                const Environment& environment);

}  // namespace levee::cli
