// One typed scalar, and reading one from the texts of the log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "types/data_type.h"

namespace levee::types {

// A scalar in its physical form (see PhysicalType); std::monostate is NULL.
using PhysicalValue = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Value {
  PrimitiveType type;
  PhysicalValue physical;

  bool is_null() const { return std::holds_alternative<std::monostate>(physical); }
  std::int64_t as_int() const { return std::get<std::int64_t>(physical); }
  double as_double() const { return std::get<double>(physical); }
  const std::string& as_string() const { return std::get<std::string>(physical); }

  friend bool operator==(const Value&, const Value&) = default;
};

__extension__ typedef __int128 Int128;

// The 16 ordered bytes of a wide decimal (PhysicalType::kString), and back.
std::string EncodeWideDecimal(Int128 unscaled);
Int128 DecodeWideDecimal(std::string_view bytes);

// Reads a decimal text ("12.50", "-1e3") to its unscaled value at `scale`; empty when it is
// no number, has more digits than fit, or would lose digits.
std::optional<Int128> ParseDecimal(std::string_view text, int scale);
// "12.50" from 1250 at scale 2.
std::string FormatDecimal(Int128 unscaled, int scale);

// "2024-01-31" to days since 1970-01-01; years 0001 to 9999 and beyond with a sign.
std::optional<std::int64_t> ParseDate(std::string_view text);
std::string FormatDate(std::int64_t days);

// A date and time of day ("2024-01-31 12:00:00[.ffffff]", "T" for the blank) with an optional
// zone ("Z", "+01:00"). `micros` counts from 1970-01-01T00:00:00 of that zone, or of no zone.
struct ParsedTimestamp {
  std::int64_t micros = 0;  // UTC when a zone was given, else wall clock
  bool has_zone = false;
};
std::optional<ParsedTimestamp> ParseTimestamp(std::string_view text);
// "2024-01-31T12:00:00Z", with as many digits of the second as are not zero (3 or 6), 'Z' if asked for.
std::string FormatTimestamp(std::int64_t micros, bool with_zone);

// Microseconds to add to a wall-clock time of the named IANA zone ("Europe/Berlin", "UTC",
// "+01:00") to get UTC. Empty for an unknown zone. Ambiguous times take the earlier offset.
std::optional<std::int64_t> WallClockToUtc(std::int64_t wall_micros, std::string_view zone);
// Microseconds to add to a UTC time to get the wall clock of the zone. Empty for an unknown zone.
std::optional<std::int64_t> UtcToWallClock(std::int64_t utc_micros, std::string_view zone);

// Reads a partition value as the protocol serialises it ("Partition Value Serialization").
// "" is NULL. Empty result: the text is not of that type, so the value is unknown. A timestamp
// without a zone is read in `zone`; an unknown zone makes it unknown.
std::optional<Value> ParsePartitionValue(std::string_view text, PrimitiveType type,
                                         std::string_view zone = "UTC");

// Text of a value for people: numbers, 'strings' unquoted, dates and times as the protocol writes them.
std::string FormatValue(const Value& value);

// -1, 0, 1; both of one physical type and not null. NaN is above every number and equals itself.
int ComparePhysical(const PhysicalValue& a, const PhysicalValue& b);

}  // namespace levee::types
