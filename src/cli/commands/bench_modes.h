// What `bench` measures beside a table's questions, one a source file.
#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "cli/command.h"

namespace levee::cli {

Outcome RunBenchCache(Context& context);
Outcome RunBenchEncodings(Context& context);

// Wrong usage when an option stands there that is not among `names`; global options are always allowed.
// `bench` parses the options of all its modes.
std::expected<void, UsageError> AllowOnly(const ParsedLine& line, std::string_view mode,
                                          std::span<const std::string_view> names);

}  // namespace levee::cli
