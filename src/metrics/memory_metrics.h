// The memory budget's own counts, as metrics.
#pragma once

#include <string>

#include "base/memory_budget.h"

namespace levee::metrics {

// Prometheus text. Read from the budget when asked, so that holding memory costs nothing more; there whether
// metrics are on or off.
std::string MemoryMetricsText(const MemoryBudget& budget);

}  // namespace levee::metrics
