// The columns of file entries as a version of the table has them.
#pragma once

#include <string_view>
#include <vector>

#include "base/status.h"
#include "catalog/table_state.h"
#include "columnar/column_key.h"
#include "types/schema.h"

namespace levee::catalog {

// What the store has, each column once: typed as the schema of the version has it (the store widens at
// read), columns that the schema no longer has as they were kept last, so that no statistic is lost.
std::vector<columnar::ColumnKey> ColumnsAtVersion(std::vector<columnar::ColumnKey> stored,
                                                  const types::Schema& schema);

// The key of kMin, kMax or kNullCount of a column that a user named. kInvalidArgument with the nearest
// names for an unknown one, and for columns without statistics.
Result<columnar::ColumnKey> StatisticsKey(const Snapshot& snapshot, columnar::ColumnRole role,
                                          std::string_view name);

}  // namespace levee::catalog
