// Times as HTTP and the clouds write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::objectstore {

// "Sun, 06 Nov 1994 08:49:37 GMT" in milliseconds since the epoch; empty for anything else.
std::optional<std::int64_t> ParseHttpDate(std::string_view text);

// "2026-02-03T04:05:06Z", with any number of digits of the second, and an offset instead of Z, in milliseconds since
// the epoch; empty for anything else.
std::optional<std::int64_t> ParseIsoTime(std::string_view text);

// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string HttpDate(std::int64_t seconds);

// "20130524T000000Z", as AWS signs it.
std::string BasicIsoTime(std::int64_t seconds);

}  // namespace levee::objectstore
