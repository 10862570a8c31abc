// What a query says of single fields, as an index can look it up.
#pragma once

#include <vector>

#include "memory/query/conditions.h"
#include "memory/query/order.h"
#include "memory/query/value_range.h"

namespace levee::memory {

struct FieldRanges {
  OrderKey field;
  std::vector<ValueRange> ranges;  // a value in one of them
};

// All of which hold of each row that matches; a field may stand here more than once.
std::vector<FieldRanges> FieldRangesOf(const Conditions& conditions, const View& view);

}  // namespace levee::memory
