// What a table's columns hold, for people.
#pragma once

#include "base/status.h"
#include "catalog/catalog.h"
#include "output/record.h"
#include "types/schema.h"

namespace levee::cli {

// A line for each column: type, nulls, least and greatest value. A bound that may not be reached has "<=" or ">="
// before it; what a file does not say is left empty.
Status PrintColumns(const catalog::TableSummary& summary, const types::Schema& schema,
                    output::RecordFormat& rows);

// The columns of the rows that PrintColumns writes.
std::vector<output::RecordColumn> ColumnTableHead();

}  // namespace levee::cli
