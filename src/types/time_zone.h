// A time zone read from the system's zone files (TZif, RFC 8536).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/posix_zone.h"

namespace levee::types {

// Immutable once parsed.
class TimeZone {
 public:
  static TimeZone Fixed(std::int64_t offset_seconds);
  // Empty when the bytes are not a TZif file of version 2 or later.
  static std::optional<TimeZone> Parse(std::string_view tzif);

  // Seconds east of UTC for a wall-clock time. A time that comes twice or never takes the offset
  // before the transition.
  std::int64_t OffsetAtWall(std::int64_t wall_seconds) const;
  std::int64_t OffsetAtUtc(std::int64_t utc_seconds) const;

 private:
  // The offset by a sorted list of the times at which each of offsets_ begins.
  std::int64_t OffsetBy(const std::vector<std::int64_t>& switches, std::int64_t seconds) const;

  std::int64_t first_offset_ = 0;
  // offsets_[i] holds from second switch_times_[i] in UTC, which is switch_walls_[i] on the wall clock.
  std::vector<std::int64_t> switch_times_;
  std::vector<std::int64_t> switch_walls_;
  std::vector<std::int64_t> offsets_;
  std::optional<PosixZone> rule_;  // past the last switch
};

// The zone of that name: "UTC", "Z", "+01:00", "GMT+9", or a file below /usr/share/zoneinfo (or TZDIR).
// Null for an unknown one. Zones are read once and live until the process ends. Thread-safe.
const TimeZone* FindTimeZone(std::string_view name);

}  // namespace levee::types
