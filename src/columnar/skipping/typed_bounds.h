// The bounds of one column with the rules of what its writer may have cut off.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "columnar/column_vector.h"
#include "expr/skipping.h"

namespace levee::columnar::skipping {

// How an upper bound may stand below the true maximum.
enum class UpperRule : unsigned char {
  kExact,      // it does not
  kCutMillis,  // whole milliseconds: the microseconds below may be gone
  kCutText,    // 32 code points or more: a prefix
};

inline UpperRule RuleOf(const expr::ColumnRef& column) {
  if (column.is_partition) return UpperRule::kExact;
  switch (column.type.kind) {
    case types::TypeKind::kTimestamp:
    case types::TypeKind::kTimestampNtz: return UpperRule::kCutMillis;
    case types::TypeKind::kString:
    case types::TypeKind::kBinary: return UpperRule::kCutText;
    default: return UpperRule::kExact;
  }
}

inline constexpr std::int64_t kMicrosPerMilli = 1'000;
// The last microsecond of the millisecond that a time of whole milliseconds begins.
inline std::int64_t WidenToMilli(std::int64_t micros) {
  constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  return micros > kHighest - (kMicrosPerMilli - 1) ? kHighest : micros + (kMicrosPerMilli - 1);
}

inline constexpr std::size_t kCutCodePoints = 32;

// Whether an upper bound may be a prefix only.
inline bool MayBeCut(std::string_view upper) {
  if (upper.size() < kCutCodePoints) return false;
  std::size_t code_points = 0;
  for (const char byte : upper) code_points += (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
  return code_points >= kCutCodePoints;
}

// Bounds of physical type T (std::int64_t, double or std::string_view); both may be null pointers: unknown.
template <typename T>
class TypedBounds {
 public:
  TypedBounds(const ColumnVector* lower, const ColumnVector* upper, UpperRule rule)
      : lower_(lower), upper_(upper), rule_(rule) {}

  const ColumnVector* lower_values() const { return lower_; }
  const ColumnVector* upper_values() const { return upper_; }
  UpperRule rule() const { return rule_; }

  static T Get(const ColumnVector& values, std::size_t row);

  bool LowerKnown(std::size_t row) const { return Known(lower_, row); }
  bool UpperKnown(std::size_t row) const { return Known(upper_, row); }
  T Lower(std::size_t row) const { return Get(*lower_, row); }
  // As stored.
  T Upper(std::size_t row) const { return Get(*upper_, row); }

  // Whether a value of the row may be at or below, or below, `value`. Unknown bounds say yes.
  bool MayBeAtMost(std::size_t row, T value) const { return !LowerKnown(row) || Lower(row) <= value; }
  bool MayBeBelow(std::size_t row, T value) const { return !LowerKnown(row) || Lower(row) < value; }
  // Whether a value of the row may be at or above, or above, `value`.
  bool MayBeAtLeast(std::size_t row, T value) const {
    return !UpperKnown(row) || Reach(row) >= value || ExtendsTo(row, value);
  }
  bool MayBeAbove(std::size_t row, T value) const {
    return !UpperKnown(row) || Reach(row) > value || ExtendsTo(row, value);
  }

  // The upper bound with what may have been cut from a number.
  T Reach(std::size_t row) const {
    const T upper = Upper(row);
    if constexpr (std::is_same_v<T, std::int64_t>) {
      if (IsCut(row)) return WidenToMilli(upper);
    }
    return upper;
  }

  // All values of the row are equal, and known: to Lower(row).
  bool IsExact(std::size_t row) const {
    return LowerKnown(row) && UpperKnown(row) && Lower(row) == Upper(row) && !IsCut(row);
  }

 private:
  static bool Known(const ColumnVector* values, std::size_t row) {
    if (values == nullptr || !values->IsValid(row)) return false;
    if constexpr (std::is_same_v<T, double>) return !std::isnan(values->doubles[row]);
    return true;
  }

  bool IsCut(std::size_t row) const {
    if constexpr (std::is_same_v<T, std::int64_t>) {
      return rule_ == UpperRule::kCutMillis && Upper(row) % kMicrosPerMilli == 0;
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      return rule_ == UpperRule::kCutText && MayBeCut(Upper(row));
    }
    return false;
  }

  // A text that begins with a bound that may be a prefix: some value of the row may be at or above it.
  bool ExtendsTo(std::size_t row, T value) const {
    if constexpr (std::is_same_v<T, std::string_view>) return value.starts_with(Upper(row)) && IsCut(row);
    return false;
  }

  const ColumnVector* lower_;
  const ColumnVector* upper_;
  UpperRule rule_;
};

template <>
inline std::int64_t TypedBounds<std::int64_t>::Get(const ColumnVector& values, std::size_t row) {
  return values.ints[row];
}
template <>
inline double TypedBounds<double>::Get(const ColumnVector& values, std::size_t row) {
  return values.doubles[row];
}
template <>
inline std::string_view TypedBounds<std::string_view>::Get(const ColumnVector& values, std::size_t row) {
  return values.strings[row];
}

// The literal in the form that the bounds have.
template <typename T>
T LiteralAs(const types::Value& literal);
template <>
inline std::int64_t LiteralAs<std::int64_t>(const types::Value& literal) {
  return literal.as_int();
}
template <>
inline double LiteralAs<double>(const types::Value& literal) {
  return literal.as_double();
}
template <>
inline std::string_view LiteralAs<std::string_view>(const types::Value& literal) {
  return literal.as_string();
}

}  // namespace levee::columnar::skipping
