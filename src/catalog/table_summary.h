// What a version's files come to, by column.
#pragma once

#include "base/status.h"
#include "catalog/catalog.h"
#include "catalog/context.h"
#include "catalog/table_state.h"

namespace levee::catalog {

// From zone maps; partition columns whose text is read in the reader's zone from the partition sums.
Result<TableSummary> SummariseTable(Context& context, const Snapshot& snapshot);

}  // namespace levee::catalog
