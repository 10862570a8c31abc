// The rows of a part that hold a query's conditions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "memory/query/part_way.h"

namespace levee::memory {

// How rows were looked for, and how many.
struct ScanCount {
  std::int64_t examined = 0;  // rows whose columns were looked at
  std::int64_t records = 0;   // of them, rows whose record was
  std::int64_t matched = 0;
};

// Calls visit(row) for rows of the way that hold the conditions, ascending, until it says false. The row that it did not come
// to, where the way's records_max is over.
Result<std::optional<std::uint32_t>> ScanRows(Part& part, const Conditions& conditions, const PartWay& way, ScanCount& count,
                                              const std::function<bool(std::uint32_t row)>& visit);

}  // namespace levee::memory
