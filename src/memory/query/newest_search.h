// The newest rows that match.
#pragma once

#include <optional>
#include <vector>

#include "memory/query/find.h"

namespace levee::memory {

// As many as are wanted, newest first, equal ones by id; `after`: those behind that place alone.
Result<std::vector<Hit>> FindNewestHits(const Asking& asking, const Conditions& conditions, const Wanted& wanted,
                                        const std::optional<Place>& after, FindTrace& trace);

}  // namespace levee::memory
