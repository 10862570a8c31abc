// A page out of all that was found.
#pragma once

#include <vector>

#include "memory/query/find.h"

namespace levee::memory {

// The page of the hits that the query asks for, in the order. INVALID_QUERY: its cursor is of another order.
Result<HitPage> PageOf(const Asking& asking, const ItemQuery& query, const FoundOrder& order, const std::vector<Hit>& hits);

}  // namespace levee::memory
