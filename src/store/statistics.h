// What is known of a table's columns for estimates, never for answers.
#pragma once

#include <cstdint>
#include <optional>

#include "columnar/column_vector.h"
#include "types/value.h"

namespace levee::store {

// Of the entries that stood in a table's segments when those were built: entries of recent commits are missing,
// some that have ended are counted. Table-wide numbers are made from samples kept with each segment.
struct ColumnStatistics {
  std::int64_t entries = 0;  // of segments that keep statistics; 0: nothing is known of the column
  std::int64_t known = 0;    // of them, about, that have both bounds (partition columns: a value)
  double distinct = 0;       // lower bounds, or partition values, that differ; within about 10 %
  // Equi-depth: between a value and the next stand equally many of the known entries' lower (upper) bounds, from
  // the least to the greatest. Strings are cut. Partition columns have their values in both.
  columnar::ColumnVector lower, upper;
  // Of the lower bounds with the places of their entries in each segment, by rank: from -1 to 1; 0: scattered.
  double correlation = 0;
};

// The share, from 0 to 1, of the known entries whose bounds meet [low, high]; empty ends are open. Values of
// the type that the statistics were asked for.
double ShareMeeting(const ColumnStatistics& statistics, const std::optional<types::PhysicalValue>& low,
                    const std::optional<types::PhysicalValue>& high);

}  // namespace levee::store
