#include "types/data_type.h"

#include <charconv>
#include <utility>

#include "types/text_cursor.h"

namespace levee::types {
namespace {

constexpr std::pair<std::string_view, TypeKind> kNames[] = {
    {"string", TypeKind::kString},   {"long", TypeKind::kLong},
    {"integer", TypeKind::kInteger}, {"double", TypeKind::kDouble},
    {"date", TypeKind::kDate},       {"timestamp", TypeKind::kTimestamp},
    {"boolean", TypeKind::kBoolean}, {"float", TypeKind::kFloat},
    {"short", TypeKind::kShort},     {"byte", TypeKind::kByte},
    {"binary", TypeKind::kBinary},   {"timestamp_ntz", TypeKind::kTimestampNtz},
    {"variant", TypeKind::kVariant},
};

constexpr int kMaxPrecision = 38;
// The widest decimal whose every unscaled value fits 64 bits.
constexpr int kMaxNarrowPrecision = 18;

// A number with blanks around it; -1 when there is none.
int TakePaddedNumber(TextCursor& cursor) {
  while (cursor.Take(' ')) {
  }
  int number = -1;
  const auto parsed = std::from_chars(cursor.at, cursor.end, number);
  if (parsed.ec != std::errc()) return -1;
  cursor.at = parsed.ptr;
  while (cursor.Take(' ')) {
  }
  return number;
}

// "(P,S)" or "(P)", as Spark accepts them.
PrimitiveType ParseDecimalType(std::string_view arguments) {
  TextCursor cursor(arguments);
  if (!cursor.Take('(')) return {};
  const int precision = TakePaddedNumber(cursor);
  const int scale = cursor.Take(',') ? TakePaddedNumber(cursor) : 0;
  if (!cursor.Take(')') || !cursor.done()) return {};
  if (precision < 1 || precision > kMaxPrecision || scale < 0 || scale > precision) return {};
  return {TypeKind::kDecimal, static_cast<std::uint8_t>(precision), static_cast<std::uint8_t>(scale)};
}

}  // namespace

PhysicalType PhysicalTypeOf(PrimitiveType type) {
  switch (type.kind) {
    case TypeKind::kFloat:
    case TypeKind::kDouble: return PhysicalType::kDouble;
    case TypeKind::kString:
    case TypeKind::kBinary: return PhysicalType::kString;
    case TypeKind::kDecimal:
      return type.precision > kMaxNarrowPrecision ? PhysicalType::kString : PhysicalType::kInt64;
    // Types without scalar values too: a column of theirs holds nothing but NULL, cheapest as integers.
    default: return PhysicalType::kInt64;
  }
}

std::string TypeName(PrimitiveType type) {
  switch (type.kind) {
    case TypeKind::kDecimal:
      return "decimal(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    case TypeKind::kStruct: return "struct";
    case TypeKind::kArray: return "array";
    case TypeKind::kMap: return "map";
    default: break;
  }
  for (const auto& [name, kind] : kNames) {
    if (kind == type.kind) return std::string(name);
  }
  return "unknown";
}

PrimitiveType ParsePrimitiveType(std::string_view name) {
  for (const auto& [known, kind] : kNames) {
    if (known == name) return {kind};
  }
  constexpr std::string_view kDecimal = "decimal";
  if (!name.starts_with(kDecimal)) return {};
  // A bare "decimal" is decimal(10,0) in the schemas that Spark writes.
  if (name.size() == kDecimal.size()) return {TypeKind::kDecimal, 10, 0};
  return ParseDecimalType(name.substr(kDecimal.size()));
}

}  // namespace levee::types
