// Ranges of integers that a scan keeps, in the domain in which a column is encoded.
#pragma once

#include <cstdint>
#include <limits>

namespace levee::columnar {

// Whole numbers from `low` to `high`; none when low is above high.
struct IntegerRange {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();

  bool empty() const { return low > high; }
  bool Has(std::int64_t value) const { return low <= value && value <= high; }
  bool Covers(const IntegerRange& other) const { return low <= other.low && other.high <= high; }
};

// Which values a scan keeps. What is not in `comparable` stands for no number (NaN): such blocks are to be decoded.
struct RangeFilter {
  IntegerRange keep;
  IntegerRange comparable;
};

}  // namespace levee::columnar
