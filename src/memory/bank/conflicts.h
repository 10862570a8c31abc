// What two changes that know nothing of each other come to.
#pragma once

#include <string>

#include "base/status.h"
#include "levee/memory.h"

namespace levee::memory {

// The clock as a text, to order two that neither time nor counts order.
std::string ClockText(const VectorClock& clock);
// Of each replica the higher count.
VectorClock JoinClocks(const VectorClock& left, const VectorClock& right);
// Tags of both, those of `earlier` first; the members of both metadata, `later`'s value where both have one; all else of
// `later`.
Result<Item> MergeItems(const Item& earlier, const Item& later);

}  // namespace levee::memory
