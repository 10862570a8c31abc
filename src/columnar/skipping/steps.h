// Neighbours of numbers, by which strict comparisons become others.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace levee::columnar::skipping {

// Of numbers `< value` is `<= the one before`; false when there is none before.
inline bool StepDown(std::int64_t& value) {
  if (value == std::numeric_limits<std::int64_t>::min()) return false;
  --value;
  return true;
}
inline bool StepDown(double& value) {
  if (value == -std::numeric_limits<double>::infinity()) return false;
  value = std::nextafter(value, -std::numeric_limits<double>::infinity());
  return true;
}
inline bool StepUp(std::int64_t& value) {
  if (value == std::numeric_limits<std::int64_t>::max()) return false;
  ++value;
  return true;
}
// NaN is above infinity, and bounds need not show it: infinity stays.
inline bool StepUp(double& value) {
  value = std::nextafter(value, std::numeric_limits<double>::infinity());
  return true;
}

}  // namespace levee::columnar::skipping
