// How many entries a scan would return.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "store/sql/scan_context.h"

namespace levee::store {

// Counts without fetching a column that only output needs; large segments side by side.
Result<std::int64_t> CountEntries(const ScanContext& context, const ScanRequest& request);

}  // namespace levee::store
