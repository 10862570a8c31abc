#include "types/posix_zone.h"

#include <algorithm>

#include "types/civil_date.h"
#include "types/text_cursor.h"

namespace levee::types {
namespace {

// "CET" or "<+03>".
bool SkipName(TextCursor& cursor) {
  const char* const start = cursor.at;
  if (cursor.Take('<')) {
    while (!cursor.done() && *cursor.at != '>') ++cursor.at;
    return cursor.Take('>');
  }
  while (!cursor.done() && ((*cursor.at | 0x20) >= 'a' && (*cursor.at | 0x20) <= 'z')) ++cursor.at;
  return cursor.at - start >= 3;
}

std::optional<int> TakeNumber(TextCursor& cursor, int limit) {
  if (!cursor.NextIsDigit()) return {};
  int number = 0;
  for (; cursor.NextIsDigit(); ++cursor.at) {
    number = number * 10 + (*cursor.at - '0');
    if (number > limit) return {};
  }
  return number;
}

// "[+-]h[h[h]][:mm[:ss]]" in seconds; times of a rule may go from -167 to 167 hours.
std::optional<std::int64_t> TakeSeconds(TextCursor& cursor) {
  const bool negative = cursor.Take('-');
  if (!negative) cursor.Take('+');
  const auto hours = TakeNumber(cursor, 167);
  if (!hours) return {};
  std::int64_t seconds = *hours * 3600;
  for (const int unit : {60, 1}) {
    if (!cursor.Take(':')) break;
    const auto part = TakeNumber(cursor, 59);
    if (!part) return {};
    seconds += *part * unit;
  }
  return negative ? -seconds : seconds;
}

bool TakeMonthWeekDay(TextCursor& cursor, PosixTransition& transition) {
  const auto month = TakeNumber(cursor, 12);
  if (!month || *month < 1 || !cursor.Take('.')) return false;
  const auto week = TakeNumber(cursor, 5);
  if (!week || *week < 1 || !cursor.Take('.')) return false;
  const auto day = TakeNumber(cursor, 6);
  if (!day) return false;
  transition.month = *month;
  transition.week = *week;
  transition.day = *day;
  return true;
}

std::optional<PosixTransition> TakeTransition(TextCursor& cursor) {
  PosixTransition transition;
  if (cursor.Take('M')) {
    if (!TakeMonthWeekDay(cursor, transition)) return {};
  } else {
    const bool julian = cursor.Take('J');
    transition.form =
        julian ? PosixTransition::Form::kJulianWithoutLeapDay : PosixTransition::Form::kDayOfYear;
    const auto day = TakeNumber(cursor, 365);
    if (!day || (julian && *day == 0)) return {};
    transition.day = *day;
  }
  if (cursor.Take('/')) {
    const auto seconds = TakeSeconds(cursor);
    if (!seconds) return {};
    transition.second_of_day = *seconds;
  }
  return transition;
}

// 0 is Sunday; 1970-01-01 was a Thursday.
int DayOfWeek(std::int64_t days) { return static_cast<int>(days + 4 - FloorDivide(days + 4, 7) * 7); }

std::int64_t NthWeekDay(std::int64_t year, const PosixTransition& rule) {
  const std::int64_t first = DaysFromCivil({year, rule.month, 1});
  int day = 1 + (rule.day - DayOfWeek(first) + 7) % 7 + (rule.week - 1) * 7;
  while (day > DaysInMonth(year, rule.month)) day -= 7;
  return first + day - 1;
}

// In the south, daylight time holds over the turn of the year: `start` is after `end`.
bool IsBetween(std::int64_t seconds, std::int64_t start, std::int64_t end) {
  return start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end;
}

}  // namespace

std::int64_t PosixTransition::WallSeconds(std::int64_t year) const {
  const std::int64_t new_year = DaysFromCivil({year, 1, 1});
  std::int64_t days = new_year;
  switch (form) {
    case Form::kMonthWeekDay: days = NthWeekDay(year, *this); break;
    case Form::kDayOfYear: days += day; break;
    // Day 60 is March 1st in every year.
    case Form::kJulianWithoutLeapDay: days += day - 1 + (IsLeapYear(year) && day >= 60 ? 1 : 0); break;
  }
  return days * kSecondsPerDay + second_of_day;
}

std::int64_t PosixZone::OffsetAtWall(std::int64_t wall_seconds) const {
  if (!has_daylight) return standard_offset;
  const std::int64_t year = CivilFromDays(FloorDivide(wall_seconds, kSecondsPerDay)).year;
  const std::int64_t higher = std::max(standard_offset, daylight_offset);
  // The new offset holds once the wall clock is past the transition under both offsets.
  const std::int64_t start = daylight_start.WallSeconds(year) - standard_offset + higher;
  const std::int64_t end = daylight_end.WallSeconds(year) - daylight_offset + higher;
  return IsBetween(wall_seconds, start, end) ? daylight_offset : standard_offset;
}

std::int64_t PosixZone::OffsetAtUtc(std::int64_t utc_seconds) const {
  if (!has_daylight) return standard_offset;
  const std::int64_t year = CivilFromDays(FloorDivide(utc_seconds + standard_offset, kSecondsPerDay)).year;
  const std::int64_t start = daylight_start.WallSeconds(year) - standard_offset;
  const std::int64_t end = daylight_end.WallSeconds(year) - daylight_offset;
  return IsBetween(utc_seconds, start, end) ? daylight_offset : standard_offset;
}

std::optional<PosixZone> ParsePosixZone(std::string_view text) {
  TextCursor cursor(text);
  PosixZone zone;
  if (!SkipName(cursor)) return {};
  // POSIX counts west of Greenwich.
  const auto standard = TakeSeconds(cursor);
  if (!standard) return {};
  zone.standard_offset = -*standard;
  if (cursor.done()) return zone;
  zone.has_daylight = true;
  zone.daylight_offset = zone.standard_offset + 3600;
  if (!SkipName(cursor)) return {};
  if (!cursor.NextIs(',')) {
    const auto daylight = TakeSeconds(cursor);
    if (!daylight) return {};
    zone.daylight_offset = -*daylight;
  }
  for (PosixTransition* transition : {&zone.daylight_start, &zone.daylight_end}) {
    if (!cursor.Take(',')) return {};
    const auto taken = TakeTransition(cursor);
    if (!taken) return {};
    *transition = *taken;
  }
  return cursor.done() ? std::optional(zone) : std::nullopt;
}

}  // namespace levee::types
