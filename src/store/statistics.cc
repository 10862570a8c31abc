#include "store/statistics.h"

#include <algorithm>

namespace levee::store {
namespace {

// How far `value` stands between two neighbours, from 0 to 1; strings are not measured.
double Between(const types::PhysicalValue& low, const types::PhysicalValue& high, const types::PhysicalValue& value) {
  if (std::holds_alternative<std::int64_t>(value)) {
    const auto base = static_cast<double>(std::get<std::int64_t>(low));
    const double range = static_cast<double>(std::get<std::int64_t>(high)) - base;
    return range > 0 ? (static_cast<double>(std::get<std::int64_t>(value)) - base) / range : 0;
  }
  if (std::holds_alternative<double>(value)) {
    const double range = std::get<double>(high) - std::get<double>(low);
    return range > 0 ? (std::get<double>(value) - std::get<double>(low)) / range : 0;
  }
  return 0.5;
}

// The share of the values below `value`; `or_equal`: or equal to it.
double ShareBelow(const columnar::ColumnVector& values, const types::PhysicalValue& value, bool or_equal) {
  const std::size_t buckets = values.rows - 1;
  std::size_t passed = 0;
  const auto is_below = [&](const types::PhysicalValue& other) { return or_equal ? other <= value : other < value; };
  while (passed < values.rows && is_below(values.At(passed))) ++passed;
  if (passed == 0) return 0;
  if (passed == values.rows) return 1;
  const double part = Between(values.At(passed - 1), values.At(passed), value);
  return (static_cast<double>(passed - 1) + std::clamp(part, 0.0, 1.0)) / static_cast<double>(buckets);
}

}  // namespace

// Bounds meet [low, high] unless the lower one is above it or the upper one below; never both.
double ShareMeeting(const ColumnStatistics& statistics, const std::optional<types::PhysicalValue>& low,
                    const std::optional<types::PhysicalValue>& high) {
  if (statistics.lower.rows < 2) return 1;
  const auto comparable = [&](const std::optional<types::PhysicalValue>& end) {
    return end && end->index() == statistics.lower.At(0).index();
  };
  const double begun = comparable(high) ? ShareBelow(statistics.lower, *high, true) : 1;
  const double ended = comparable(low) ? ShareBelow(statistics.upper, *low, false) : 0;
  return std::clamp(begun - ended, 0.0, 1.0);
}

}  // namespace levee::store
