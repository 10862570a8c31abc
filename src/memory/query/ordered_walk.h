// The first rows that match, in the order of a custom index.
#pragma once

#include <functional>
#include <optional>

#include "memory/query/find.h"

namespace levee::memory {

// Calls visit(row) for rows of the way's index that hold the conditions: all that are among the first wanted behind
// `after`, and some more, as rows with equal keys come together.
Status WalkInOrder(Part& part, const Conditions& conditions, const PartWay& way, const Wanted& wanted,
                   const std::optional<Place>& after, ScanCount& count,
                   const std::function<void(std::uint32_t row)>& visit);

}  // namespace levee::memory
