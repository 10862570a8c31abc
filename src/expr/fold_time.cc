// Dates, times and intervals: literals, the current time, arithmetic.
#include <algorithm>

#include "expr/fold.h"
#include "expr/lexer.h"
#include "types/civil_date.h"

namespace levee::expr {
namespace {

using types::kMicrosPerDay;

// Past this no date or time is left; it keeps sums from overflowing.
constexpr std::int64_t kMaxMonths = 12 * 600'000;

std::unexpected<Error> TooFar(std::size_t offset, const FoldContext& context) {
  return context.source.FailAt(offset, "the result is beyond the times that there are");
}

// The last day of a shorter month stands in for a day that it lacks.
std::int64_t AddMonths(std::int64_t days, std::int64_t months) {
  types::CivilDate date = types::CivilFromDays(days);
  const std::int64_t month = date.year * 12 + (date.month - 1) + months;
  date.year = types::FloorDivide(month, 12);
  date.month = static_cast<int>(month - date.year * 12) + 1;
  date.day = std::min(date.day, types::DaysInMonth(date.year, date.month));
  return types::DaysFromCivil(date);
}

// Months are counted on the wall clock of the statement's zone.
Result<Constant> AddInterval(Constant value, const Constant& interval, std::size_t offset,
                             const FoldContext& context);

Result<Constant> AddMonthsInZone(Constant value, const Constant& interval, std::size_t offset,
                                 const FoldContext& context) {
  const auto to_wall = types::UtcToWallClock(value.integer, context.options.timezone);
  if (!to_wall || __builtin_add_overflow(value.integer, *to_wall, &value.integer))
    return TooFar(offset, context);
  value.has_zone = false;
  LEVEE_ASSIGN(value, AddInterval(value, {.kind = ConstantKind::kInterval, .months = interval.months}, offset,
                                  context));
  LEVEE_ASSIGN(value.integer, ToUtcMicros(value, context));
  value.has_zone = true;
  if (__builtin_add_overflow(value.integer, interval.integer, &value.integer)) return TooFar(offset, context);
  return value;
}

// A date plus an interval with a time of day in it is a timestamp.
Result<Constant> AddInterval(Constant value, const Constant& interval, std::size_t offset,
                             const FoldContext& context) {
  if (value.has_zone && interval.months != 0) return AddMonthsInZone(value, interval, offset, context);
  std::int64_t days = value.integer;
  std::int64_t time_of_day = 0;
  if (value.kind == ConstantKind::kTimestamp) {
    days = types::FloorDivide(value.integer, kMicrosPerDay);
    time_of_day = value.integer - days * kMicrosPerDay;
  }
  if (interval.months != 0) days = AddMonths(days, interval.months);
  if (value.kind == ConstantKind::kDate && interval.integer % kMicrosPerDay == 0) {
    value.integer = days + interval.integer / kMicrosPerDay;
    if (std::abs(value.integer) > INT32_MAX) return TooFar(offset, context);
    return value;
  }
  value.kind = ConstantKind::kTimestamp;
  if (__builtin_mul_overflow(days, kMicrosPerDay, &value.integer) ||
      __builtin_add_overflow(value.integer, time_of_day, &value.integer) ||
      __builtin_add_overflow(value.integer, interval.integer, &value.integer)) {
    return TooFar(offset, context);
  }
  return value;
}

// A whole number of days as an interval; empty for any other number.
std::optional<Constant> DaysAsInterval(const Constant& number) {
  Constant interval{.kind = ConstantKind::kInterval, .offset = number.offset};
  if (number.kind != ConstantKind::kNumber || number.number.scale != 0) return {};
  if (number.number.mantissa > INT32_MAX || number.number.mantissa < INT32_MIN) return {};
  interval.integer = static_cast<std::int64_t>(number.number.mantissa) * kMicrosPerDay;
  return interval;
}

Result<Constant> Difference(const Constant& a, const Constant& b, std::size_t offset,
                            const FoldContext& context) {
  Constant result{.kind = ConstantKind::kNumber, .offset = a.offset};
  if (a.kind == ConstantKind::kDate && b.kind == ConstantKind::kDate) {
    result.number.mantissa = a.integer - b.integer;
    return result;
  }
  LEVEE_ASSIGN(const std::int64_t left, ToUtcMicros(a, context));
  LEVEE_ASSIGN(const std::int64_t right, ToUtcMicros(b, context));
  result.kind = ConstantKind::kInterval;
  if (__builtin_sub_overflow(left, right, &result.integer)) return TooFar(offset, context);
  return result;
}

Result<Constant> MultiplyInterval(Constant interval, const Constant& factor, std::size_t offset,
                                  const FoldContext& context) {
  const auto days = DaysAsInterval(factor);
  if (!days) return context.source.FailAt(offset, "an interval is multiplied by whole numbers only");
  const auto times = static_cast<std::int64_t>(factor.number.mantissa);
  if (__builtin_mul_overflow(interval.integer, times, &interval.integer) ||
      __builtin_mul_overflow(interval.months, times, &interval.months) ||
      std::abs(interval.months) > kMaxMonths) {
    return context.source.FailAt(offset, "the interval is too long");
  }
  return interval;
}

struct Unit {
  std::string_view name;
  std::int64_t months;
  std::int64_t micros;
};
constexpr Unit kUnits[] = {
    {"YEAR", 12, 0},           {"QUARTER", 3, 0},
    {"MONTH", 1, 0},           {"WEEK", 0, 7 * kMicrosPerDay},
    {"DAY", 0, kMicrosPerDay}, {"HOUR", 0, 3'600'000'000},
    {"MINUTE", 0, 60'000'000}, {"SECOND", 0, 1'000'000},
    {"MILLISECOND", 0, 1000},  {"MICROSECOND", 0, 1},
};

const Unit* FindUnit(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (EqualsWord(name, unit.name)) return &unit;
    const bool plural = name.size() == unit.name.size() + 1 && (name.back() | 0x20) == 's';
    if (plural && EqualsWord(name.substr(0, unit.name.size()), unit.name)) return &unit;
  }
  return nullptr;
}

// A whole number of steps; empty when it is not whole or does not fit.
std::optional<std::int64_t> Times(Number number, std::int64_t step) {
  const auto product = Multiply(number, {step, 0});
  if (!product || product->scale != 0) return {};
  if (product->mantissa > INT64_MAX / 4 || product->mantissa < INT64_MIN / 4) return {};
  return static_cast<std::int64_t>(product->mantissa);
}

}  // namespace

Result<Constant> ReadInterval(std::string_view number, std::string_view unit_name, std::size_t offset,
                              const FoldContext& context) {
  const Unit* const unit = FindUnit(unit_name);
  if (unit == nullptr) {
    return context.source.FailAt(
        offset, "an interval has no unit '" + std::string(unit_name) + "'",
        "units are year, quarter, month, week, day, hour, minute, second, millisecond, "
        "microsecond");
  }
  const auto count = ParseNumber(number);
  if (!count)
    return context.source.FailAt(offset, "'" + std::string(number) + "' is no length of an interval");
  Constant interval{.kind = ConstantKind::kInterval, .offset = offset};
  const auto months = Times(*count, unit->months);
  const auto micros = Times(*count, unit->micros);
  if (!months || !micros || std::abs(*months) > kMaxMonths) {
    return context.source.FailAt(offset, "the interval is too long or too finely divided");
  }
  interval.months = *months;
  interval.integer = *micros;
  return interval;
}

Result<Constant> AddIntervals(const Constant& a, const Constant& b, std::size_t offset,
                              const FoldContext& context) {
  Constant sum = a;
  sum.months += b.months;
  if (__builtin_add_overflow(a.integer, b.integer, &sum.integer) || std::abs(sum.months) > kMaxMonths) {
    return context.source.FailAt(offset, "the interval is too long");
  }
  return sum;
}

Result<Constant> FoldTimeArithmetic(char op, const Constant& a, const Constant& b, std::size_t offset,
                                    const FoldContext& context) {
  const bool a_is_interval = a.kind == ConstantKind::kInterval;
  const bool b_is_interval = b.kind == ConstantKind::kInterval;
  if (op == '*' && a_is_interval && !b_is_interval) return MultiplyInterval(a, b, offset, context);
  if (op == '*' && b_is_interval && !a_is_interval) return MultiplyInterval(b, a, offset, context);
  const auto is_instant = [](const Constant& value) {
    return value.kind == ConstantKind::kDate || value.kind == ConstantKind::kTimestamp;
  };
  // A plain number beside a date counts days.
  const auto as_interval = [](const Constant& value, const Constant& other) -> std::optional<Constant> {
    if (value.kind == ConstantKind::kInterval) return value;
    return other.kind == ConstantKind::kDate ? DaysAsInterval(value) : std::nullopt;
  };
  if (op == '+' || op == '-') {
    if (a_is_interval && b_is_interval) {
      if (op == '+') return AddIntervals(a, b, offset, context);
      LEVEE_ASSIGN(const Constant negated, FoldNegation(b, context));
      return AddIntervals(a, negated, offset, context);
    }
    if (op == '-' && is_instant(a) && is_instant(b)) return Difference(a, b, offset, context);
    if (const auto right = as_interval(b, a); right && is_instant(a)) {
      if (op == '+') return AddInterval(a, *right, offset, context);
      LEVEE_ASSIGN(const Constant negated, FoldNegation(*right, context));
      return AddInterval(a, negated, offset, context);
    }
    if (const auto left = as_interval(a, b); op == '+' && left && is_instant(b)) {
      return AddInterval(b, *left, offset, context);
    }
  }
  const bool has_text = a.kind == ConstantKind::kString || b.kind == ConstantKind::kString;
  return context.source.FailAt(
      offset, std::string("'") + op + "' cannot take " + KindText(a.kind) + " and " + KindText(b.kind),
      has_text ? "write DATE '...' or TIMESTAMP '...' before a text that is a time" : "");
}

Result<Constant> ReadDateLiteral(Constant text, const FoldContext& context) {
  const auto days = types::ParseDate(text.text);
  if (!days) {
    return context.source.FailAt(text.offset, "'" + std::string(text.text) + "' is no date",
                                 "dates are written 2024-01-31");
  }
  return Constant{.kind = ConstantKind::kDate, .integer = *days, .offset = text.offset};
}

Result<Constant> ReadTimestampLiteral(Constant text, bool without_zone, const FoldContext& context) {
  Constant result{.kind = ConstantKind::kTimestamp, .offset = text.offset};
  if (const auto parsed = types::ParseTimestamp(text.text)) {
    if (without_zone && parsed->has_zone) {
      return context.source.FailAt(text.offset, "a TIMESTAMP_NTZ has no zone");
    }
    result.integer = parsed->micros;
    result.has_zone = parsed->has_zone;
    return result;
  }
  const auto days = types::ParseDate(text.text);
  if (!days || __builtin_mul_overflow(*days, kMicrosPerDay, &result.integer)) {
    return context.source.FailAt(text.offset, "'" + std::string(text.text) + "' is no timestamp",
                                 "timestamps are written 2024-01-31 12:00:00, with Z or +01:00 for a zone");
  }
  return result;
}

Constant CurrentTimestamp(std::size_t offset, const FoldContext& context) {
  return {.kind = ConstantKind::kTimestamp,
          .has_zone = true,
          .integer = context.options.now_micros,
          .offset = offset};
}

Result<Constant> CurrentDate(std::size_t offset, const FoldContext& context) {
  const auto to_wall = types::UtcToWallClock(context.options.now_micros, context.options.timezone);
  if (!to_wall)
    return context.source.FailAt(offset, "the timezone '" + context.options.timezone + "' is unknown");
  const std::int64_t days = types::FloorDivide(context.options.now_micros + *to_wall, kMicrosPerDay);
  return Constant{.kind = ConstantKind::kDate, .integer = days, .offset = offset};
}

Result<std::int64_t> ToUtcMicros(const Constant& value, const FoldContext& context) {
  std::int64_t micros = value.integer;
  if (value.kind == ConstantKind::kTimestamp && value.has_zone) return micros;
  if (value.kind == ConstantKind::kDate && __builtin_mul_overflow(micros, kMicrosPerDay, &micros)) {
    return TooFar(value.offset, context);
  }
  const auto to_utc = types::WallClockToUtc(micros, context.options.timezone);
  if (!to_utc) {
    return context.source.FailAt(value.offset, "the timezone '" + context.options.timezone + "' is unknown");
  }
  if (__builtin_add_overflow(micros, *to_utc, &micros)) return TooFar(value.offset, context);
  return micros;
}

}  // namespace levee::expr
