// Ranges of values at a place of an item: what conditions say that an index can look up.
#pragma once

#include <string>
#include <vector>

#include "memory/query/json_value.h"

namespace levee::memory {

// As an index has a value: what is missing or null comes last, arrays and objects just before it.
inline SortValue MissingValue() { return {ValueKind::kNull, 1, {}}; }
inline SortValue ContainerValue() { return {ValueKind::kNull, 0, {}}; }

// In the order of CompareValues.
struct ValueRange {
  SortValue low, high;  // both ends among them, unless they are open
  bool low_open = false, high_open = false;

  bool is_point() const { return !low_open && !high_open && low == high; }
};

inline ValueRange PointOf(const SortValue& value) { return {.low = value, .high = value}; }
// Everything that is there.
inline ValueRange Existing() {
  return {.low = {ValueKind::kBoolean, 0, {}}, .high = MissingValue(), .low_open = false, .high_open = true};
}

// The values of a path that a condition admits: those in one of the ranges.
struct PathRanges {
  std::vector<std::string> path;
  std::vector<ValueRange> ranges;
};

// What a whole condition says of paths.
struct ConditionRanges {
  std::vector<PathRanges> paths;  // all of which must hold; a path may stand here more than once
  bool exact = false;             // the condition holds just where these do
};

}  // namespace levee::memory
