// CAST of a constant to a type.
#include <cmath>

#include "expr/fold.h"
#include "expr/lexer.h"
#include "types/civil_date.h"

namespace levee::expr {
namespace {

using types::PrimitiveType;
using types::TypeKind;

std::unexpected<Error> NotCast(const Constant& value, PrimitiveType type, const FoldContext& context) {
  std::string why = KindText(value.kind);
  if (value.kind == ConstantKind::kString) why += " '" + std::string(value.text) + "'";
  return context.source.FailAt(value.offset, why + " cannot be cast to " + types::TypeName(type));
}

// A number from a number or a text; doubles only when they are no exact number.
std::optional<Constant> AsNumber(const Constant& value) {
  if (value.kind == ConstantKind::kNumber || value.kind == ConstantKind::kDouble) return value;
  Constant result{.kind = ConstantKind::kNumber, .offset = value.offset};
  if (value.kind == ConstantKind::kBoolean) {
    result.number.mantissa = value.boolean ? 1 : 0;
    return result;
  }
  if (value.kind != ConstantKind::kString) return {};
  if (const auto number = ParseNumber(value.text)) {
    result.number = *number;
    return result;
  }
  const auto real = ParseDouble(value.text);
  if (!real) return {};
  result.kind = ConstantKind::kDouble;
  result.real = *real;
  return result;
}

int IntegerBits(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte: return 8;
    case TypeKind::kShort: return 16;
    case TypeKind::kInteger: return 32;
    default: return 64;
  }
}

// To `digits` after the point: towards zero for integers, half away from zero for decimals.
std::optional<Number> Round(const Constant& value, int digits, bool half_up) {
  Number number = value.number;
  if (value.kind == ConstantKind::kDouble) {
    if (!std::isfinite(value.real)) return {};
    const auto parsed = ParseNumber(types::FormatValue({{TypeKind::kDouble}, value.real}));
    if (!parsed) return {};
    number = *parsed;
  }
  if (number.scale <= digits) return number;
  const types::Int128 divisor = PowerOfTen(number.scale - digits);
  const types::Int128 rest = number.mantissa % divisor;
  number = {number.mantissa / divisor, digits};
  if (half_up && (rest < 0 ? -rest : rest) >= divisor / 2) number.mantissa += rest < 0 ? -1 : 1;
  return number;
}

std::optional<Constant> ToInteger(const Constant& value, TypeKind kind) {
  auto result = AsNumber(value);
  if (!result) return {};
  const auto number = Round(*result, 0, false);
  const types::Int128 limit = types::Int128{1} << (IntegerBits(kind) - 1);
  if (!number || number->mantissa >= limit || number->mantissa < -limit) return {};
  result->kind = ConstantKind::kNumber;
  result->number = *number;
  return result;
}

std::optional<Constant> ToDecimal(const Constant& value, PrimitiveType type) {
  auto result = AsNumber(value);
  if (!result) return {};
  const auto number = Round(*result, type.scale, true);
  if (!number) return {};
  const auto floor = FloorAtScale(*number, type.scale);
  const types::Int128 limit = PowerOfTen(type.precision);
  if (!floor || floor->unscaled >= limit || floor->unscaled <= -limit) return {};
  result->kind = ConstantKind::kNumber;
  result->number = *number;
  return result;
}

std::optional<Constant> ToFloating(const Constant& value, TypeKind kind) {
  auto result = AsNumber(value);
  if (!result) return {};
  if (result->kind == ConstantKind::kNumber) result->real = ToDouble(result->number);
  result->kind = ConstantKind::kDouble;
  if (kind == TypeKind::kFloat) result->real = static_cast<double>(static_cast<float>(result->real));
  return result;
}

std::optional<Constant> ToBoolean(Constant value) {
  if (value.kind == ConstantKind::kBoolean) return value;
  if (value.kind == ConstantKind::kNumber) {
    value.boolean = value.number.mantissa != 0;
  } else if (value.kind == ConstantKind::kString &&
             (EqualsWord(value.text, "TRUE") || EqualsWord(value.text, "FALSE"))) {
    value.boolean = EqualsWord(value.text, "TRUE");
  } else {
    return {};
  }
  value.kind = ConstantKind::kBoolean;
  return value;
}

std::optional<Constant> ToText(Constant value, Ast& ast) {
  switch (value.kind) {
    case ConstantKind::kString:
    case ConstantKind::kBinary: break;
    case ConstantKind::kBoolean: value.text = value.boolean ? "true" : "false"; break;
    case ConstantKind::kNumber:
      value.text = ast.Keep(types::FormatDecimal(value.number.mantissa, value.number.scale));
      break;
    case ConstantKind::kDate: value.text = ast.Keep(types::FormatDate(value.integer)); break;
    default: return {};  // the text of the others depends on the engine
  }
  value.kind = ConstantKind::kString;
  return value;
}

Result<Constant> ToDate(Constant value, const FoldContext& context) {
  if (value.kind == ConstantKind::kDate) return value;
  if (value.kind == ConstantKind::kString) return ReadDateLiteral(value, context);
  if (value.kind != ConstantKind::kTimestamp) return NotCast(value, {TypeKind::kDate}, context);
  if (value.has_zone) {
    const auto to_wall = types::UtcToWallClock(value.integer, context.options.timezone);
    if (!to_wall || __builtin_add_overflow(value.integer, *to_wall, &value.integer)) {
      return NotCast(value, {TypeKind::kDate}, context);
    }
  }
  const std::int64_t days = types::FloorDivide(value.integer, types::kMicrosPerDay);
  return Constant{.kind = ConstantKind::kDate, .integer = days, .offset = value.offset};
}

Result<Constant> ToTimestamp(Constant value, PrimitiveType type, const FoldContext& context) {
  const bool without_zone = type.kind == TypeKind::kTimestampNtz;
  if (value.kind == ConstantKind::kString) return ReadTimestampLiteral(value, without_zone, context);
  if (value.kind == ConstantKind::kTimestamp && !(without_zone && value.has_zone)) return value;
  if (value.kind != ConstantKind::kDate) return NotCast(value, type, context);
  value.kind = ConstantKind::kTimestamp;
  if (__builtin_mul_overflow(value.integer, types::kMicrosPerDay, &value.integer)) {
    return NotCast(value, type, context);
  }
  return value;
}

}  // namespace

Result<Constant> CastConstant(const Constant& value, PrimitiveType type, Ast& ast,
                              const FoldContext& context) {
  if (value.kind == ConstantKind::kNull) return value;
  std::optional<Constant> result;
  switch (type.kind) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong: result = ToInteger(value, type.kind); break;
    case TypeKind::kDecimal: result = ToDecimal(value, type); break;
    case TypeKind::kFloat:
    case TypeKind::kDouble: result = ToFloating(value, type.kind); break;
    case TypeKind::kBoolean: result = ToBoolean(value); break;
    case TypeKind::kString: result = ToText(value, ast); break;
    case TypeKind::kBinary:
      if (value.kind == ConstantKind::kString || value.kind == ConstantKind::kBinary) result = value;
      if (result) result->kind = ConstantKind::kBinary;
      break;
    case TypeKind::kDate: return ToDate(value, context);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return ToTimestamp(value, type, context);
    default: break;
  }
  if (!result) return NotCast(value, type, context);
  return *result;
}

}  // namespace levee::expr
