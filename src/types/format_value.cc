#include <charconv>
#include <cmath>

#include "base/hex.h"
#include "types/value.h"

namespace levee::types {
namespace {

template <typename T>
std::string ShortestText(T number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number).ptr;
  return std::string(buffer, end);
}

}  // namespace

std::string FormatValue(const Value& value) {
  if (value.is_null()) return "NULL";
  switch (value.type.kind) {
    case TypeKind::kBoolean: return value.as_int() != 0 ? "true" : "false";
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong: return std::to_string(value.as_int());
    // A float stands as a double in memory, but its shortest text is the float's.
    case TypeKind::kFloat: return ShortestText(static_cast<float>(value.as_double()));
    case TypeKind::kDouble: return ShortestText(value.as_double());
    case TypeKind::kDecimal:
      return FormatDecimal(PhysicalTypeOf(value.type) == PhysicalType::kInt64
                               ? Int128{value.as_int()}
                               : DecodeWideDecimal(value.as_string()),
                           value.type.scale);
    case TypeKind::kDate: return FormatDate(value.as_int());
    case TypeKind::kTimestamp: return FormatTimestamp(value.as_int(), true);
    case TypeKind::kTimestampNtz: return FormatTimestamp(value.as_int(), false);
    case TypeKind::kBinary: return "0x" + HexOf(value.as_string());
    case TypeKind::kString: return value.as_string();
    case TypeKind::kVariant:
    case TypeKind::kStruct:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kUnknown: break;
  }
  return "?";  // no value of these types is ever made
}

}  // namespace levee::types
