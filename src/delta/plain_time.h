// Dates and timestamps in the one spelling that common writers give them in statistics.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace levee::delta {

// The days since 1970 of "yyyy-MM-dd", of the years 1 to 9999; empty for anything else.
std::optional<std::int64_t> PlainDate(std::string_view text);

// The microseconds since 1970 of "yyyy-MM-ddTHH:mm:ss.SSS", without a zone; empty for anything else.
std::optional<std::int64_t> PlainTimestamp(std::string_view text);

}  // namespace levee::delta
