// What a sync would do, without doing it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/status.h"
#include "catalog/context.h"
#include "catalog/table_names.h"

namespace levee::catalog {

// Lists the log and reads nothing of it.
Result<SyncReport> PlanSync(Context& context, const LocatedTable& located, std::optional<std::int64_t> to_version);

}  // namespace levee::catalog
