#include "delta/stats_value.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "delta/json_text.h"
#include "delta/plain_time.h"
#include "types/value.h"

namespace levee::delta {
namespace {

using types::PrimitiveType;
using types::TypeKind;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
// "2024-01-31T12:00:00.123456Z": what is finer can't be kept in microseconds.
constexpr std::size_t kFractionDigitsMax = 6;

void SetInteger(StatsValue& value, std::int64_t integer, bool exact = true) {
  value.integer = integer;
  value.fit = exact ? StatsFit::kTyped : StatsFit::kTypedAndSpelling;
}

void SetReal(StatsValue& value, double real, bool exact = true) {
  value.real = real;
  value.fit = exact ? StatsFit::kTyped : StatsFit::kTypedAndSpelling;
}

std::int64_t HighestOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte: return std::numeric_limits<std::int8_t>::max();
    case TypeKind::kShort: return std::numeric_limits<std::int16_t>::max();
    case TypeKind::kInteger: return std::numeric_limits<std::int32_t>::max();
    default: return std::numeric_limits<std::int64_t>::max();
  }
}

void ParseWhole(std::string_view token, TypeKind kind, StatsValue& value) {
  std::int64_t whole = 0;
  const char* const end = token.data() + token.size();
  const auto parsed = std::from_chars(token.data(), end, whole);
  if (parsed.ec != std::errc() || parsed.ptr != end) return;
  const std::int64_t highest = HighestOf(kind);
  if (whole <= highest && whole >= -highest - 1) SetInteger(value, whole);
}

bool SameAsFloat(std::string_view token, float value) {
  char shortest[32];
  const auto printed = std::to_chars(shortest, shortest + sizeof(shortest), value);
  double from_token = 0;
  double from_shortest = 0;
  std::from_chars(token.data(), token.data() + token.size(), from_token);
  std::from_chars(shortest, printed.ptr, from_shortest);
  return from_token == from_shortest;
}

void ParseReal(std::string_view token, TypeKind kind, StatsValue& value) {
  if (token == "\"Infinity\"" || token == "\"-Infinity\"") {
    const double infinity = std::numeric_limits<double>::infinity();
    return SetReal(value, token[1] == '-' ? -infinity : infinity);
  }
  const char* const end = token.data() + token.size();
  float single = 0;
  double real = 0;
  const auto parsed = kind == TypeKind::kFloat ? std::from_chars(token.data(), end, single)
                                               : std::from_chars(token.data(), end, real);
  if (kind == TypeKind::kFloat) real = single;
  if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(real)) return;
  SetReal(value, real, kind != TypeKind::kFloat || SameAsFloat(token, single));
}

void ParseDecimalToken(std::string_view token, const PrimitiveType& type, TextArena& arena,
                       StatsValue& value) {
  // Some writers quote decimals; the quotes are part of what must be given back.
  const bool quoted = token.front() == '"';
  const std::string_view number = quoted ? token.substr(1, token.size() - 2) : token;
  const auto unscaled = types::ParseDecimal(number, type.scale);
  if (!unscaled) return;
  if (types::PhysicalTypeOf(type) == types::PhysicalType::kString) {
    value.text = arena.emplace_back(types::EncodeWideDecimal(*unscaled));
    return SetInteger(value, 0, !quoted);
  }
  constexpr types::Int128 kLimit = 1'000'000'000'000'000'000;
  if (*unscaled >= kLimit || *unscaled <= -kLimit) return;
  SetInteger(value, static_cast<std::int64_t>(*unscaled), !quoted);
}

// The text between quotes; undone escapes go to the arena.
bool TokenText(std::string_view token, TextArena& arena, std::string_view& text) {
  if (token.front() != '"') return false;
  text = token.substr(1, token.size() - 2);
  if (!text.contains('\\')) return true;
  auto unescaped = JsonString(token);
  if (!unescaped) return false;
  text = arena.emplace_back(std::move(*unescaped));
  return true;
}

void ParseDateText(std::string_view text, StatsValue& value) {
  if (const auto days = PlainDate(text)) return SetInteger(value, *days);
  const auto parsed = types::ParseDate(text);
  if (parsed) SetInteger(value, *parsed, types::FormatDate(*parsed) == text);
}

std::size_t FractionDigits(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return 0;
  const std::size_t end = text.find_first_not_of("0123456789", dot + 1);
  return std::min(end, text.size()) - dot - 1;
}

void ParseTimestampText(std::string_view text, bool zoned, StatsValue& value) {
  const bool utc = text.ends_with('Z');
  if (utc == zoned) {
    if (const auto micros = PlainTimestamp(text.substr(0, text.size() - (utc ? 1 : 0)))) {
      return SetInteger(value, *micros);
    }
  }
  const auto parsed = types::ParseTimestamp(text);
  if (!parsed || parsed->has_zone != zoned) return;
  SetInteger(value, parsed->micros, FractionDigits(text) <= kFractionDigitsMax);
}

void ParseText(std::string_view token, TypeKind kind, TextArena& arena, StatsValue& value) {
  std::string_view text;
  if (!TokenText(token, arena, text)) return;
  switch (kind) {
    case TypeKind::kDate: return ParseDateText(text, value);
    case TypeKind::kTimestamp: return ParseTimestampText(text, true, value);
    case TypeKind::kTimestampNtz: return ParseTimestampText(text, false, value);
    default: value.text = text; value.fit = StatsFit::kTyped;
  }
}

void AppendTwoDigits(std::string& json, std::int64_t value) {
  json.push_back(static_cast<char>('0' + value / 10));
  json.push_back(static_cast<char>('0' + value % 10));
}

// Milliseconds always stand there, as the common writers have it; microseconds when there are any.
void AppendTimestamp(std::string& json, std::int64_t micros, bool zoned) {
  std::int64_t days = micros / kMicrosPerDay;
  std::int64_t rest = micros % kMicrosPerDay;
  if (rest < 0) {
    rest += kMicrosPerDay;
    --days;
  }
  const std::int64_t seconds = rest / kMicrosPerSecond;
  json.push_back('"');
  json += types::FormatDate(days);
  json.push_back('T');
  AppendTwoDigits(json, seconds / 3600);
  json.push_back(':');
  AppendTwoDigits(json, seconds / 60 % 60);
  json.push_back(':');
  AppendTwoDigits(json, seconds % 60);
  const std::string fraction = std::to_string(kMicrosPerSecond + rest % kMicrosPerSecond);
  json.push_back('.');
  json.append(fraction, 1, rest % 1000 == 0 ? 3 : 6);
  if (zoned) json.push_back('Z');
  json.push_back('"');
}

}  // namespace

void ParseStatsValue(std::string_view token, const PrimitiveType& type, TextArena& arena, StatsValue& value) {
  value.fit = StatsFit::kNone;
  switch (type.kind) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong: return ParseWhole(token, type.kind, value);
    case TypeKind::kFloat:
    case TypeKind::kDouble: return ParseReal(token, type.kind, value);
    case TypeKind::kDecimal: return ParseDecimalToken(token, type, arena, value);
    case TypeKind::kBoolean:
      if (token == "true" || token == "false") SetInteger(value, token == "true" ? 1 : 0);
      return;
    case TypeKind::kString:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return ParseText(token, type.kind, arena, value);
    default: return;  // binary, variant, nested and unknown types have no bounds that compare
  }
}

void AppendStatsInteger(std::string& json, std::int64_t value, PrimitiveType type) {
  switch (type.kind) {
    case TypeKind::kBoolean: json += value != 0 ? "true" : "false"; break;
    case TypeKind::kDate: AppendJsonString(json, types::FormatDate(value)); break;
    case TypeKind::kTimestamp: AppendTimestamp(json, value, true); break;
    case TypeKind::kTimestampNtz: AppendTimestamp(json, value, false); break;
    case TypeKind::kDecimal: json += types::FormatDecimal(value, type.scale); break;
    default: json += std::to_string(value);
  }
}

void AppendStatsDouble(std::string& json, double value, PrimitiveType type) {
  if (!std::isfinite(value)) {
    json += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    return;
  }
  char text[32];
  const auto printed = type.kind == TypeKind::kFloat
                           ? std::to_chars(text, text + sizeof(text), static_cast<float>(value))
                           : std::to_chars(text, text + sizeof(text), value);
  json.append(text, printed.ptr);
}

void AppendStatsText(std::string& json, std::string_view value, PrimitiveType type) {
  if (type.kind == TypeKind::kDecimal) {
    json += types::FormatDecimal(types::DecodeWideDecimal(value), type.scale);
  } else {
    AppendJsonString(json, value);
  }
}

}  // namespace levee::delta
