#include "types/civil_date.h"
#include "types/text_cursor.h"
#include "types/value.h"

namespace levee::types {
namespace {

// ".123456", of which digits past the sixth are read and dropped: a timestamp has microseconds.
std::optional<std::int64_t> TakeFraction(TextCursor& cursor) {
  if (!cursor.Take('.')) return 0;
  if (!cursor.NextIsDigit()) return {};
  std::int64_t micros = 0;
  int digits = 0;
  for (; cursor.NextIsDigit(); ++cursor.at, ++digits) {
    if (digits < 6) micros = micros * 10 + (*cursor.at - '0');
  }
  for (; digits < 6; ++digits) micros *= 10;
  return micros;
}

// "12:30[:15[.5]]" as microseconds since midnight.
std::optional<std::int64_t> TakeTimeOfDay(TextCursor& cursor) {
  const int hour = cursor.TakeTwoDigits(23);
  if (hour < 0 || !cursor.Take(':')) return {};
  const int minute = cursor.TakeTwoDigits(59);
  if (minute < 0) return {};
  int second = 0;
  std::optional<std::int64_t> fraction = 0;
  if (cursor.Take(':')) {
    second = cursor.TakeTwoDigits(59);
    if (second < 0) return {};
    fraction = TakeFraction(cursor);
    if (!fraction) return {};
  }
  return (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + *fraction;
}

void AppendTwoDigits(std::string& text, std::int64_t value) {
  text += static_cast<char>('0' + value / 10);
  text += static_cast<char>('0' + value % 10);
}

void AppendFraction(std::string& text, std::int64_t micros) {
  if (micros == 0) return;
  const bool millis_do = micros % 1000 == 0;
  std::int64_t rest = millis_do ? micros / 1000 : micros;
  std::string digits(millis_do ? 3 : 6, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, rest /= 10) {
    *digit = static_cast<char>('0' + rest % 10);
  }
  text += '.';
  text += digits;
}

}  // namespace

std::optional<std::int64_t> TakeOffset(TextCursor& cursor) {
  const bool negative = cursor.NextIs('-');
  if (!negative && !cursor.NextIs('+')) return {};
  ++cursor.at;
  int hours = cursor.TakeTwoDigits(18);
  if (hours < 0) {
    if (!cursor.NextIsDigit()) return {};
    hours = *cursor.at++ - '0';
  }
  int minutes = 0;
  if (cursor.Take(':') || cursor.NextIsDigit()) {
    minutes = cursor.TakeTwoDigits(59);
    if (minutes < 0) return {};
  }
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  if (seconds > 18 * 3600) return {};
  return negative ? -seconds : seconds;
}

std::optional<ParsedTimestamp> ParseTimestamp(std::string_view text) {
  TextCursor cursor(text);
  const auto days = TakeDate(cursor);
  if (!days || !(cursor.Take('T') || cursor.Take(' '))) return {};
  const auto time_of_day = TakeTimeOfDay(cursor);
  if (!time_of_day) return {};
  ParsedTimestamp parsed;
  std::int64_t offset_micros = 0;
  if (!cursor.done()) {
    parsed.has_zone = true;
    cursor.Take(' ');
    if (!cursor.Take('Z')) {
      const auto offset = TakeOffset(cursor);
      if (!offset) return {};
      offset_micros = *offset * kMicrosPerSecond;
    }
    if (!cursor.done()) return {};
  }
  std::int64_t micros = 0;
  if (__builtin_mul_overflow(*days, kMicrosPerDay, &micros) ||
      __builtin_add_overflow(micros, *time_of_day - offset_micros, &parsed.micros)) {
    return {};
  }
  return parsed;
}

std::string FormatTimestamp(std::int64_t micros, bool with_zone) {
  const std::int64_t days = FloorDivide(micros, kMicrosPerDay);
  const std::int64_t time_of_day = micros - days * kMicrosPerDay;
  const std::int64_t seconds = time_of_day / kMicrosPerSecond;
  std::string text = FormatDate(days);
  text += 'T';
  AppendTwoDigits(text, seconds / 3600);
  text += ':';
  AppendTwoDigits(text, seconds / 60 % 60);
  text += ':';
  AppendTwoDigits(text, seconds % 60);
  AppendFraction(text, time_of_day % kMicrosPerSecond);
  if (with_zone) text += 'Z';
  return text;
}

}  // namespace levee::types
