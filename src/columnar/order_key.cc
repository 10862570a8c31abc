#include "columnar/order_key.h"

#include <algorithm>
#include <bit>

namespace levee::columnar {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

std::uint64_t OrderedInt(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ kSignBit; }

std::uint64_t OrderedDouble(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & kSignBit) ? ~bits : bits | kSignBit;
}

// The first 8 bytes after `prefix`, big-endian; 0 or the maximum for values outside the prefix.
std::uint64_t OrderedText(std::string_view value, std::string_view prefix) {
  if (!value.starts_with(prefix)) return value < prefix ? 0 : ~std::uint64_t{0};
  value.remove_prefix(prefix.size());
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    key = key << 8 | (i < value.size() ? static_cast<std::uint8_t>(value[i]) : 0);
  }
  return key;
}

}  // namespace

std::uint64_t OrderKeyAt(const ColumnVector& column, std::size_t row, std::string_view prefix) {
  switch (column.physical) {
    case types::PhysicalType::kInt64: return OrderedInt(column.ints[row]);
    case types::PhysicalType::kDouble: return OrderedDouble(column.doubles[row]);
    case types::PhysicalType::kString: return OrderedText(column.strings[row], prefix);
  }
  return 0;
}

std::string CommonPrefix(const ColumnVector& column) {
  std::string prefix;
  bool first = true;
  for (std::size_t row = 0; row < column.rows; ++row) {
    if (!column.IsValid(row)) continue;
    const std::string_view value = column.strings[row];
    if (first) {
      prefix = value;
      first = false;
      continue;
    }
    const auto end = std::mismatch(prefix.begin(), prefix.end(), value.begin(), value.end()).first;
    prefix.erase(end, prefix.end());
  }
  return prefix;
}

}  // namespace levee::columnar
