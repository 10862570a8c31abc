// How large a part of a table's files a predicate is expected to keep. docs/planner.md, "What it expects".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "expr/skipping.h"
#include "store/statistics.h"

namespace levee::query {

// What is known of a column's values over all files.
struct ColumnFacts {
  std::optional<double> lower, upper;  // of numbers, dates and times; empty: unknown
  double file_width = 1;               // the part of that range which a file covers, in the mean
  bool has_nulls = true;               // false: surely none
  std::optional<store::ColumnStatistics> statistics = std::nullopt;  // kept with the data; tell more than the range
};
using FactsByPath = std::map<std::string, ColumnFacts, std::less<>>;

// Between 0 and 1. Columns without facts get what is usual.
double KeptPart(const expr::SkippingNode& node, const FactsByPath& facts);

// A value's place on a line; empty for texts and bytes.
std::optional<double> PlaceOf(const types::Value& value);

}  // namespace levee::query
