// A query as people read it.
#pragma once

#include <string>

#include "levee/memory.h"

namespace levee::memory {

// "late orders tag:lake metadata:a.b = 3 since:2024-01-01T00:00:00Z"; empty: nothing is asked.
std::string QueryText(const ItemQuery& query);

}  // namespace levee::memory
