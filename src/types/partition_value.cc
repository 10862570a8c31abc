// "Partition Value Serialization" of the protocol.
#include <charconv>
#include <limits>

#include "types/civil_date.h"
#include "types/value.h"

namespace levee::types {
namespace {

bool EqualsLowerCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

std::optional<PhysicalValue> ReadBoolean(std::string_view text) {
  if (EqualsLowerCase(text, "true")) return std::int64_t{1};
  if (EqualsLowerCase(text, "false")) return std::int64_t{0};
  return {};
}

template <typename T>
std::optional<PhysicalValue> ReadInteger(std::string_view text) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return {};
  return static_cast<std::int64_t>(number);
}

// Takes "NaN" and "Infinity" too. A float is rounded as a float, then kept as a double.
template <typename T>
std::optional<PhysicalValue> ReadFloating(std::string_view text) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return {};
  return static_cast<double>(number);
}

std::optional<PhysicalValue> ReadDecimal(std::string_view text, PrimitiveType type) {
  const auto unscaled = ParseDecimal(text, type.scale);
  if (!unscaled) return {};
  Int128 limit = 1;
  for (int i = 0; i < type.precision; ++i) limit *= 10;
  if (*unscaled >= limit || *unscaled <= -limit) return {};
  if (PhysicalTypeOf(type) == PhysicalType::kInt64) return static_cast<std::int64_t>(*unscaled);
  return EncodeWideDecimal(*unscaled);
}

std::optional<PhysicalValue> ReadDate(std::string_view text) {
  const auto days = ParseDate(text);
  if (!days) return {};
  return *days;
}

// Some writers leave the time of day out when it is midnight.
std::optional<ParsedTimestamp> ReadDateAndTime(std::string_view text) {
  if (auto parsed = ParseTimestamp(text)) return parsed;
  const auto days = ParseDate(text);
  ParsedTimestamp midnight;
  if (!days || __builtin_mul_overflow(*days, kMicrosPerDay, &midnight.micros)) return {};
  return midnight;
}

std::optional<PhysicalValue> ReadTimestamp(std::string_view text, std::string_view zone) {
  const auto parsed = ReadDateAndTime(text);
  if (!parsed) return {};
  if (parsed->has_zone) return parsed->micros;
  const auto to_utc = WallClockToUtc(parsed->micros, zone);
  std::int64_t micros = 0;
  if (!to_utc || __builtin_add_overflow(parsed->micros, *to_utc, &micros)) return {};
  return micros;
}

// A zone in the text of a time without one contradicts the type.
std::optional<PhysicalValue> ReadTimestampNtz(std::string_view text) {
  const auto parsed = ReadDateAndTime(text);
  if (!parsed || parsed->has_zone) return {};
  return parsed->micros;
}

std::optional<PhysicalValue> Read(std::string_view text, PrimitiveType type, std::string_view zone) {
  switch (type.kind) {
    case TypeKind::kBoolean: return ReadBoolean(text);
    case TypeKind::kByte: return ReadInteger<std::int8_t>(text);
    case TypeKind::kShort: return ReadInteger<std::int16_t>(text);
    case TypeKind::kInteger: return ReadInteger<std::int32_t>(text);
    case TypeKind::kLong: return ReadInteger<std::int64_t>(text);
    case TypeKind::kFloat: return ReadFloating<float>(text);
    case TypeKind::kDouble: return ReadFloating<double>(text);
    case TypeKind::kDecimal: return ReadDecimal(text, type);
    case TypeKind::kString:
    case TypeKind::kBinary: return std::string(text);
    case TypeKind::kDate: return ReadDate(text);
    case TypeKind::kTimestamp: return ReadTimestamp(text, zone);
    case TypeKind::kTimestampNtz: return ReadTimestampNtz(text);
    case TypeKind::kVariant:
    case TypeKind::kStruct:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kUnknown: break;
  }
  return {};
}

}  // namespace

std::optional<Value> ParsePartitionValue(std::string_view text, PrimitiveType type, std::string_view zone) {
  if (text.empty()) return Value{type, std::monostate{}};
  auto physical = Read(text, type, zone);
  if (!physical) return {};
  return Value{type, std::move(*physical)};
}

}  // namespace levee::types
