// What a version's files come to, by column.
#pragma once

#include "base/status.h"
#include "catalog/catalog.h"
#include "catalog/context.h"
#include "catalog/table_state.h"

namespace levee::catalog {

// Columns with statistics from zone maps, partition columns from the partition sums.
Result<TableSummary> SummariseTable(Context& context, const Snapshot& snapshot);

}  // namespace levee::catalog
