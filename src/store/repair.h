// What is wrong with a table in the store, range by range, as a scan of everything finds it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace levee::store {

// Versions [first, second].
using VersionInterval = std::pair<std::int64_t, std::int64_t>;

struct RangeDamage {
  std::int64_t range_id = 0;
  bool main = false;
  std::int64_t first_version = 0, last_version = -1;
  std::vector<std::string> data;     // what is damaged and stands nowhere else in the store
  std::vector<std::string> derived;  // what can be made again from the rest: zone maps, indexes, statistics, sums
  std::vector<std::int64_t> data_segments, derived_segments;  // their segments, each once
  bool sums = false;                 // the sums by partition are among `derived`
  std::vector<VersionInterval> readable; // versions that need nothing of `data`, ascending, apart from each other

  bool sound() const { return data.empty() && derived.empty(); }
};

struct TableDamage {
  std::vector<std::string> columns;  // of the dictionary: no segment can be read
  std::vector<std::string> record;   // of the table's own row
  std::vector<RangeDamage> ranges;   // sound ones too, the main one first
  std::int64_t layout_generation = 0;  // when it was looked at

  bool sound() const;
};

// The longest of the spans; of equal ones the newest. `last_max`: cut there. Empty (first above second): none is left.
VersionInterval LongestInterval(const std::vector<VersionInterval>& spans, std::int64_t last_max);

}  // namespace levee::store
