// Durations as users write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace levee::settings {

// Milliseconds of "250ms", "5s", "10m" (or "10min"), "2h", "30d", "2w": a whole number and a unit.
// kInvalidArgument for anything else, and beyond 100,000 days.
Result<std::int64_t> ParseDuration(std::string_view text);

// The largest unit that divides it: "90s", "2h", "0s".
std::string FormatDuration(std::int64_t duration_ms);

}  // namespace levee::settings
