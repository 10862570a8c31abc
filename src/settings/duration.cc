#include "settings/duration.h"

#include <charconv>

namespace levee::settings {
namespace {

constexpr std::int64_t kSecond = 1'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr std::int64_t kLongest = 100'000 * kDay;

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
// From long to short, so that FormatDuration takes the largest.
constexpr Unit kUnits[] = {{"w", 7 * kDay}, {"d", kDay},   {"h", kHour}, {"m", kMinute},
                           {"min", kMinute}, {"s", kSecond}, {"ms", 1}};

std::unexpected<Error> NoDuration(std::string_view text) {
  return Fail(ErrorCode::kInvalidArgument, "duration '" + std::string(text) + "'",
              "it is not a whole number and a unit of up to 100000 days", "for example 250ms, 5s, 10m, 2h or 30d");
}

}  // namespace

Result<std::int64_t> ParseDuration(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || count < 0) return NoDuration(text);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  for (const Unit& known : kUnits) {
    if (unit != known.name) continue;
    if (count > kLongest / known.milliseconds) return NoDuration(text);
    return count * known.milliseconds;
  }
  return NoDuration(text);
}

std::string FormatDuration(std::int64_t duration_ms) {
  if (duration_ms == 0) return "0s";
  for (const Unit& unit : kUnits) {
    if (duration_ms % unit.milliseconds == 0) {
      return std::to_string(duration_ms / unit.milliseconds) + std::string(unit.name);
    }
  }
  return std::to_string(duration_ms) + "ms";
}

}  // namespace levee::settings
