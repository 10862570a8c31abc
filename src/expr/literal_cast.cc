#include "expr/literal_cast.h"

#include <cmath>
#include <limits>

#include "expr/lexer.h"
#include "types/civil_date.h"

namespace levee::expr {
namespace {

using types::Int128;
using types::kMicrosPerDay;
using types::TypeKind;

LiteralFit Exactly(types::PhysicalValue value) { return {FitKind::kExact, std::move(value), {}}; }

std::unexpected<Error> Mismatch(const Constant& constant, const ColumnRef& column,
                                const FoldContext& context) {
  std::string why =
      "column " + column.name + " is " + types::TypeName(column.type) + " and cannot be compared with ";
  why += KindText(constant.kind);
  std::string hint;
  if (constant.kind == ConstantKind::kString) {
    why = "'" + std::string(constant.text) + "' is no " + types::TypeName(column.type) +
          ", the type of column " + column.name;
  } else if (column.type.kind == TypeKind::kString) {
    hint = "write the value in quotes: '...'";
  }
  return context.source.FailAt(constant.offset, why, hint);
}

// The integers (unscaled values) of a type: [low, high] at a scale.
struct Range {
  Int128 low, high;
};

Range RangeOf(types::PrimitiveType type) {
  switch (type.kind) {
    case TypeKind::kByte: return {INT8_MIN, INT8_MAX};
    case TypeKind::kShort: return {INT16_MIN, INT16_MAX};
    case TypeKind::kInteger: return {INT32_MIN, INT32_MAX};
    case TypeKind::kDecimal: {
      const Int128 limit = PowerOfTen(type.precision);
      return {1 - limit, limit - 1};
    }
    default: return {INT64_MIN, INT64_MAX};
  }
}

types::PhysicalValue ToPhysical(Int128 unscaled, types::PrimitiveType type) {
  if (types::PhysicalTypeOf(type) == types::PhysicalType::kString) return types::EncodeWideDecimal(unscaled);
  return static_cast<std::int64_t>(unscaled);
}

LiteralFit FitNumber(Number number, types::PrimitiveType type) {
  const Range range = RangeOf(type);
  const auto floor = FloorAtScale(number, type.scale);
  if (!floor) return {number.mantissa < 0 ? FitKind::kBelow : FitKind::kAbove, {}, {}};
  if (floor->unscaled < range.low) return {FitKind::kBelow, {}, {}};
  if (floor->unscaled > range.high || (floor->unscaled == range.high && !floor->exact)) {
    return {FitKind::kAbove, {}, {}};
  }
  if (floor->exact) return Exactly(ToPhysical(floor->unscaled, type));
  return {FitKind::kBetween, ToPhysical(floor->unscaled, type), ToPhysical(floor->unscaled + 1, type)};
}

// Engines compare integers with doubles as doubles: exact up to 2^53 alone.
LiteralFit FitDoubleToIntegers(double real, types::PrimitiveType type) {
  constexpr double kExact = 9007199254740992.0;
  if (std::isnan(real) || type.kind == TypeKind::kDecimal) return {};
  if (std::isinf(real)) return {real < 0 ? FitKind::kBelow : FitKind::kAbove, {}, {}};
  if (std::fabs(real) > kExact) return {};
  const double floor = std::floor(real);
  const Number whole{static_cast<std::int64_t>(floor), 0};
  // One tenth stands for any fraction: only that there is one counts.
  return FitNumber(floor == real ? whole : Number{whole.mantissa * 10 + 1, 1}, type);
}

LiteralFit FitFloating(double real, TypeKind kind) {
  if (std::isnan(real)) return {};
  if (real == 0) real = 0;  // -0.0 equals 0.0
  if (kind == TypeKind::kDouble) return Exactly(real);
  const auto rounded = static_cast<double>(static_cast<float>(real));
  if (rounded == real) return Exactly(real);
  return {FitKind::kInexactFloat, real, rounded};
}

// A text or a number to a numeric column.
Result<LiteralFit> FitNumeric(const Constant& constant, const ColumnRef& column, const FoldContext& context) {
  const bool floating = types::PhysicalTypeOf(column.type) == types::PhysicalType::kDouble;
  switch (constant.kind) {
    case ConstantKind::kNumber:
      return floating ? FitFloating(ToDouble(constant.number), column.type.kind)
                      : FitNumber(constant.number, column.type);
    case ConstantKind::kDouble:
      return floating ? FitFloating(constant.real, column.type.kind)
                      : FitDoubleToIntegers(constant.real, column.type);
    case ConstantKind::kString: break;
    default: return Mismatch(constant, column, context);
  }
  if (!floating) {
    if (const auto number = ParseNumber(constant.text)) return FitNumber(*number, column.type);
  }
  const auto real = ParseDouble(constant.text);
  if (!real) return Mismatch(constant, column, context);
  return floating ? FitFloating(*real, column.type.kind) : FitDoubleToIntegers(*real, column.type);
}

Result<LiteralFit> FitBoolean(const Constant& constant, const ColumnRef& column, const FoldContext& context) {
  if (constant.kind == ConstantKind::kBoolean) return Exactly(std::int64_t{constant.boolean});
  if (constant.kind == ConstantKind::kString) {
    if (EqualsWord(constant.text, "TRUE")) return Exactly(std::int64_t{1});
    if (EqualsWord(constant.text, "FALSE")) return Exactly(std::int64_t{0});
  }
  return Mismatch(constant, column, context);
}

// A date is its first moment in the statement's zone.
Result<LiteralFit> FitInstantToDate(const Constant& constant, const FoldContext& context) {
  const bool in_utc = constant.has_zone;
  const auto start_of = [&](std::int64_t day) -> Result<std::int64_t> {
    if (!in_utc) return day * kMicrosPerDay;
    return ToUtcMicros({.kind = ConstantKind::kDate, .integer = day, .offset = constant.offset}, context);
  };
  // Zones are less than a day from UTC: the day before or after may hold the moment.
  std::int64_t day = types::FloorDivide(constant.integer, kMicrosPerDay) + 1;
  for (;; --day) {
    // The very last days have no start that fits.
    if (std::abs(day) > INT64_MAX / kMicrosPerDay - 2) return LiteralFit{};
    LEVEE_ASSIGN(const std::int64_t start, start_of(day));
    if (start == constant.integer) return Exactly(day);
    if (start < constant.integer) return LiteralFit{FitKind::kBetween, day, day + 1};
  }
}

Result<LiteralFit> FitDate(const Constant& constant, const ColumnRef& column, const FoldContext& context) {
  switch (constant.kind) {
    case ConstantKind::kDate: return Exactly(constant.integer);
    case ConstantKind::kTimestamp: return FitInstantToDate(constant, context);
    case ConstantKind::kString: break;
    default: return Mismatch(constant, column, context);
  }
  if (const auto days = types::ParseDate(constant.text)) return Exactly(*days);
  // Engines cut a time of day off such a text, or do not: only midnight means the same to all.
  const auto parsed = types::ParseTimestamp(constant.text);
  if (parsed && !parsed->has_zone && parsed->micros % kMicrosPerDay == 0) {
    return Exactly(parsed->micros / kMicrosPerDay);
  }
  return Mismatch(constant, column, context);
}

Result<LiteralFit> FitTimestamp(const Constant& constant, const ColumnRef& column,
                                const FoldContext& context) {
  if (constant.kind == ConstantKind::kString) {
    LEVEE_ASSIGN(const Constant read, ReadTimestampLiteral(constant, false, context));
    return FitTimestamp(read, column, context);
  }
  if (constant.kind != ConstantKind::kDate && constant.kind != ConstantKind::kTimestamp) {
    return Mismatch(constant, column, context);
  }
  if (column.type.kind == TypeKind::kTimestamp) {
    LEVEE_ASSIGN(const std::int64_t micros, ToUtcMicros(constant, context));
    return Exactly(micros);
  }
  std::int64_t wall = constant.integer;
  bool fits = true;
  if (constant.kind == ConstantKind::kDate) {
    fits = !__builtin_mul_overflow(wall, kMicrosPerDay, &wall);
  } else if (constant.has_zone) {
    const auto to_wall = types::UtcToWallClock(wall, context.options.timezone);
    fits = to_wall && !__builtin_add_overflow(wall, *to_wall, &wall);
  }
  if (!fits) return Mismatch(constant, column, context);
  return Exactly(wall);
}

Result<LiteralFit> FitBytes(const Constant& constant, const ColumnRef& column, const FoldContext& context) {
  const bool fits = constant.kind == ConstantKind::kString ||
                    (constant.kind == ConstantKind::kBinary && column.type.kind == TypeKind::kBinary);
  if (!fits) return Mismatch(constant, column, context);
  return Exactly(std::string(constant.text));
}

int Sign(auto a, auto b) { return a < b ? -1 : (b < a ? 1 : 0); }

// The type of column that the constant would be a value of.
types::PrimitiveType NaturalType(const Constant& constant) {
  switch (constant.kind) {
    case ConstantKind::kBoolean: return {TypeKind::kBoolean};
    case ConstantKind::kDouble: return {TypeKind::kDouble};
    case ConstantKind::kDate: return {TypeKind::kDate};
    case ConstantKind::kTimestamp:
      return {constant.has_zone ? TypeKind::kTimestamp : TypeKind::kTimestampNtz};
    case ConstantKind::kBinary: return {TypeKind::kBinary};
    default: return {TypeKind::kString};
  }
}

bool IsInstant(const Constant& constant) {
  return constant.kind == ConstantKind::kDate || constant.kind == ConstantKind::kTimestamp;
}

bool IsNumeric(const Constant& constant) {
  return constant.kind == ConstantKind::kNumber || constant.kind == ConstantKind::kDouble;
}

}  // namespace

Result<LiteralFit> FitLiteral(const Constant& constant, const ColumnRef& column, const FoldContext& context) {
  if (constant.kind == ConstantKind::kNull) return LiteralFit{FitKind::kNull, {}, {}};
  switch (column.type.kind) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal: return FitNumeric(constant, column, context);
    case TypeKind::kBoolean: return FitBoolean(constant, column, context);
    case TypeKind::kDate: return FitDate(constant, column, context);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return FitTimestamp(constant, column, context);
    case TypeKind::kString:
    case TypeKind::kBinary: return FitBytes(constant, column, context);
    default: break;
  }
  return Mismatch(constant, column, context);
}

Result<std::optional<int>> CompareConstants(const Constant& a, const Constant& b,
                                            const FoldContext& context) {
  if (a.kind == ConstantKind::kNull || b.kind == ConstantKind::kNull) return std::nullopt;
  if (a.kind == ConstantKind::kNumber && b.kind == ConstantKind::kNumber) return Compare(a.number, b.number);
  if (IsNumeric(a) && IsNumeric(b)) {
    const double left = a.kind == ConstantKind::kDouble ? a.real : ToDouble(a.number);
    const double right = b.kind == ConstantKind::kDouble ? b.real : ToDouble(b.number);
    return types::ComparePhysical(left, right);
  }
  if (IsInstant(a) && IsInstant(b)) {
    if (a.kind == b.kind && a.has_zone == b.has_zone) return Sign(a.integer, b.integer);
    LEVEE_ASSIGN(const std::int64_t left, ToUtcMicros(a, context));
    LEVEE_ASSIGN(const std::int64_t right, ToUtcMicros(b, context));
    return Sign(left, right);
  }
  if (a.kind == ConstantKind::kInterval || b.kind == ConstantKind::kInterval) {
    return context.source.FailAt(a.offset, "intervals are not compared");
  }
  // What is left has a text, or two kinds that do not meet: one side takes the type of the other.
  const bool a_is_text = a.kind == ConstantKind::kString;
  const Constant& typed = a_is_text ? b : a;
  const Constant& other = a_is_text ? a : b;
  if (typed.kind == ConstantKind::kNumber && a_is_text != (b.kind == ConstantKind::kString)) {
    const auto number = ParseNumber(other.text);
    if (!number) return context.source.FailAt(other.offset, "'" + std::string(other.text) + "' is no number");
    const int order = Compare(typed.number, *number);
    return a_is_text ? -order : order;
  }
  const ColumnRef as_column{.name = "of the other side", .type = NaturalType(typed)};
  LEVEE_ASSIGN(const LiteralFit left, FitLiteral(typed, as_column, context));
  LEVEE_ASSIGN(const LiteralFit right, FitLiteral(other, as_column, context));
  if (left.kind != FitKind::kExact || right.kind != FitKind::kExact) {
    return context.source.FailAt(a.offset, "these two constants are not compared");
  }
  const int order = types::ComparePhysical(left.value, right.value);
  return a_is_text ? -order : order;
}

}  // namespace levee::expr
