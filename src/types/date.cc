#include <limits>

#include "types/civil_date.h"
#include "types/text_cursor.h"
#include "types/value.h"

namespace levee::types {

std::optional<std::int64_t> TakeDate(TextCursor& cursor) {
  const bool negative = cursor.NextIs('-');
  const bool has_sign = negative || cursor.NextIs('+');
  if (has_sign) ++cursor.at;
  CivilDate date{.year = 0};
  int year_digits = 0;
  for (; cursor.NextIsDigit() && year_digits < 7; ++cursor.at, ++year_digits) {
    date.year = date.year * 10 + (*cursor.at - '0');
  }
  // Without a sign the year has four digits, so that "20240101" and "24-1-1" are no dates.
  if (year_digits < 4 || (!has_sign && year_digits != 4)) return {};
  if (negative) date.year = -date.year;
  if (!cursor.Take('-')) return {};
  date.month = cursor.TakeTwoDigits(12);
  if (date.month < 1 || !cursor.Take('-')) return {};
  date.day = cursor.TakeTwoDigits(31);
  if (date.day < 1 || (date.day > 28 && date.day > DaysInMonth(date.year, date.month))) return {};
  const std::int64_t days = DaysFromCivil(date);
  // Dates are 32 bits wide in the data files.
  if (days < std::numeric_limits<std::int32_t>::min() || days > std::numeric_limits<std::int32_t>::max()) {
    return {};
  }
  return days;
}

std::optional<std::int64_t> ParseDate(std::string_view text) {
  TextCursor cursor(text);
  const auto days = TakeDate(cursor);
  return days && cursor.done() ? days : std::nullopt;
}

std::string FormatDate(std::int64_t days) {
  const CivilDate date = CivilFromDays(days);
  std::string text;
  if (date.year < 0) text += '-';
  if (date.year > 9999) text += '+';
  const std::string year = std::to_string(date.year < 0 ? -date.year : date.year);
  if (year.size() < 4) text.append(4 - year.size(), '0');
  text += year;
  for (const int part : {date.month, date.day}) {
    text += '-';
    text += static_cast<char>('0' + part / 10);
    text += static_cast<char>('0' + part % 10);
  }
  return text;
}

}  // namespace levee::types
