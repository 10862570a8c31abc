// The type changes of the table feature `typeWidening`.
#include "types/data_type.h"

namespace levee::types {
namespace {

// 1 to 4 for byte to long, 0 for any other type.
int IntegerRank(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte: return 1;
    case TypeKind::kShort: return 2;
    case TypeKind::kInteger: return 3;
    case TypeKind::kLong: return 4;
    default: return 0;
  }
}

// The digits before the point that the protocol asks of a decimal that takes these integers.
int IntegerDigits(int rank) { return rank == 4 ? 20 : 10; }

}  // namespace

bool CanWiden(PrimitiveType from, PrimitiveType to) {
  if (from == to) return true;
  if (const int rank = IntegerRank(from.kind); rank > 0) {
    if (to.kind == TypeKind::kDecimal) return to.precision - to.scale >= IntegerDigits(rank);
    // A double cannot hold each long.
    if (to.kind == TypeKind::kDouble) return rank < 4;
    return IntegerRank(to.kind) >= rank;
  }
  switch (from.kind) {
    case TypeKind::kFloat: return to.kind == TypeKind::kDouble;
    case TypeKind::kDate: return to.kind == TypeKind::kTimestampNtz;
    case TypeKind::kDecimal:
      return to.kind == TypeKind::kDecimal && to.scale >= from.scale &&
             to.precision - from.precision >= to.scale - from.scale;
    default: return false;
  }
}

}  // namespace levee::types
