// The rows of a part that hold a query's conditions.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "memory/query/conditions.h"

namespace levee::memory {

// How rows were looked for, and how many.
struct ScanCount {
  std::int64_t examined = 0;  // rows whose columns were looked at
  std::int64_t records = 0;   // of them, rows whose record was
  std::int64_t matched = 0;
};

enum class RowAccess : std::uint8_t {
  kAll,       // every row
  kNewest,    // every row in the range of times, of a sorted part
  kTagList,   // the rows of the rarest tag
};
std::string_view RowAccessName(RowAccess access);

// Calls visit(row) for rows that hold the conditions, ascending, until it says false. `access`: how it was done.
Status ScanRows(Part& part, const Conditions& conditions, ScanCount& count, RowAccess& access,
                const std::function<bool(std::uint32_t row)>& visit);

}  // namespace levee::memory
