#include "expr/generated/generation_rule.h"
#include "types/civil_date.h"

namespace levee::expr {

std::optional<std::int64_t> WallMicros(const types::Value& value) {
  switch (value.type.kind) {
    case types::TypeKind::kDate: {
      std::int64_t micros = 0;
      if (__builtin_mul_overflow(value.as_int(), types::kMicrosPerDay, &micros)) return std::nullopt;
      return micros;
    }
    case types::TypeKind::kTimestamp:
    case types::TypeKind::kTimestampNtz: return value.as_int();
    default: return std::nullopt;
  }
}

}  // namespace levee::expr
