// Numbers, sizes and times as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace levee::output {

// "1,000,500".
std::string GroupedNumber(std::int64_t value);
// "612 MB", "1.4 KB", "17 B"; 1 KB is 1,000 bytes.
std::string HumanSize(std::int64_t bytes);
// "850 ns", "1.2 ms", "3.4 s", "2 min 5 s".
std::string HumanDuration(std::int64_t nanos);
// RFC 3339 in UTC with milliseconds when there are any: "2024-01-31T12:00:00Z".
std::string UtcTime(std::int64_t millis);
// Text without bytes that would move a terminal's cursor: control characters become escapes ("\n").
std::string Printable(std::string_view text);
// How many columns the text takes on a terminal, one for each character.
std::size_t DisplayWidth(std::string_view text);
// The text cut to `width` columns by leaving its middle out ("part-0...parquet").
std::string Shortened(std::string_view text, std::size_t width);

}  // namespace levee::output
