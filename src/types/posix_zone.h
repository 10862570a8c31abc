// The rule of a zone for times past its last listed transition: a POSIX TZ text, as it ends a TZif
// file (RFC 8536, section 3.3), e.g. "CET-1CEST,M3.5.0,M10.5.0/3".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace levee::types {

// When daylight time starts or ends in a year.
struct PosixTransition {
  enum class Form : std::uint8_t { kMonthWeekDay, kJulianWithoutLeapDay, kDayOfYear };
  Form form = Form::kMonthWeekDay;
  int month = 1;
  int week = 1;  // 5 is the last
  int day = 0;   // of the week (0 is Sunday), or of the year
  std::int64_t second_of_day = 7200;

  // Wall-clock seconds since 1970-01-01T00:00:00 in that year.
  std::int64_t WallSeconds(std::int64_t year) const;
};

struct PosixZone {
  std::int64_t standard_offset = 0;  // seconds east of UTC
  std::int64_t daylight_offset = 0;
  bool has_daylight = false;
  PosixTransition daylight_start;  // in standard time
  PosixTransition daylight_end;    // in daylight time

  // Seconds east of UTC for a wall-clock time. A time that comes twice or never takes the offset
  // before the transition.
  std::int64_t OffsetAtWall(std::int64_t wall_seconds) const;
  std::int64_t OffsetAtUtc(std::int64_t utc_seconds) const;
};

// Empty when the text does not follow the form.
std::optional<PosixZone> ParsePosixZone(std::string_view text);

}  // namespace levee::types
