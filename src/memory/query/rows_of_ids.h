// The rows of ids that are asked for by name.
#pragma once

#include <functional>

#include "memory/query/conditions.h"
#include "memory/query/row_scan.h"

namespace levee::memory {

// Calls visit(row) for rows of the query's ids that hold its conditions, each once.
Status VisitRowsOfIds(const View& view, const ItemQuery& query, const Conditions& conditions, ScanCount& count,
                      const std::function<void(const RowRef& row)>& visit);

}  // namespace levee::memory
