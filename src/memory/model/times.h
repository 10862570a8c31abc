// Times of items as texts: microseconds since 1970-01-01, UTC, and RFC 3339.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::memory {

// "2024-01-31T12:00:00.5Z", "2024-01-31 12:00+01:00", "2024-01-31" (midnight). What names no zone is UTC; digits of the
// second past the sixth are dropped. Empty: it is no time, or one that microseconds of 64 bits do not reach.
std::optional<std::int64_t> ParseTime(std::string_view text);

// "2024-01-31T12:00:00Z", with 0, 3 or 6 digits of the second: as many as it takes to be read back the same.
std::string TimeText(std::int64_t micros);

}  // namespace levee::memory
