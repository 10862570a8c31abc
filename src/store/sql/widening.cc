#include "store/sql/widening.h"

#include "types/value.h"

namespace levee::store {
namespace {

using types::PhysicalType;
using types::PrimitiveType;
using types::TypeKind;

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

types::Int128 PowerOfTen(int exponent) {
  types::Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

bool IsInteger(TypeKind kind) {
  return kind == TypeKind::kByte || kind == TypeKind::kShort || kind == TypeKind::kInteger || kind == TypeKind::kLong;
}

}  // namespace

bool SameForm(PrimitiveType from, PrimitiveType to) {
  if (from == to) return true;
  if (types::PhysicalTypeOf(from) != types::PhysicalTypeOf(to)) return false;
  if (IsInteger(from.kind) && IsInteger(to.kind)) return true;
  if (from.kind == TypeKind::kFloat && to.kind == TypeKind::kDouble) return true;
  return from.kind == TypeKind::kDecimal && to.kind == TypeKind::kDecimal && from.scale == to.scale;
}

columnar::ColumnVector WidenColumn(const columnar::ColumnVector& values, PrimitiveType from, PrimitiveType to) {
  if (SameForm(from, to)) return values;
  columnar::ColumnVector widened;
  widened.physical = types::PhysicalTypeOf(to);
  const int from_scale = from.kind == TypeKind::kDecimal ? from.scale : 0;
  const types::Int128 factor = to.kind == TypeKind::kDecimal ? PowerOfTen(to.scale - from_scale) : 1;
  for (std::size_t row = 0; row < values.rows; ++row) {
    if (!values.IsValid(row)) {
      widened.PushNull();
    } else if (to.kind == TypeKind::kDouble) {
      widened.PushDouble(static_cast<double>(values.ints[row]));
    } else if (to.kind == TypeKind::kTimestampNtz) {
      widened.PushInt(values.ints[row] * kMicrosPerDay);
    } else {
      const types::Int128 unscaled = values.physical == PhysicalType::kInt64
                                         ? types::Int128{values.ints[row]}
                                         : types::DecodeWideDecimal(values.strings[row]);
      const types::Int128 scaled = unscaled * factor;
      if (widened.physical == PhysicalType::kInt64) {
        widened.PushInt(static_cast<std::int64_t>(scaled));
      } else {
        widened.PushString(types::EncodeWideDecimal(scaled));
      }
    }
  }
  return widened;
}

}  // namespace levee::store
