// Asks a bank for more items than one answer holds.
#pragma once

#include <functional>
#include <vector>

#include "levee/memory.h"

namespace levee::memory {

// Hands the items of one page after the other to `take`, by id, until there are no more or it fails. A page has `query.limit` items;
// the query's order and where it starts are not asked for.
Status EachPage(MemoryBank& bank, ItemQuery query, const std::function<Status(std::vector<Found>& items)>& take);

// All items there are, without their content, many at a time.
ItemQuery AllItems();

}  // namespace levee::memory
