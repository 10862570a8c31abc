// Which part of a predicate keeps or drops one file.
#pragma once

#include <string_view>
#include <vector>

#include "base/status.h"
#include "catalog/catalog.h"
#include "columnar/batch.h"
#include "expr/skipping.h"

namespace levee::catalog {

// What ExplainFile needs of the entries. `predicate` may be null.
std::vector<columnar::ColumnKey> WhyColumns(const expr::BoundPredicate* predicate);

// Finds the file among `entries` (paths are compared in their canonical form) and evaluates the parts of
// the predicate on its bounds one by one. kNotFound when the file is not there.
Result<WhyReport> ExplainFile(columnar::BatchStream& entries, std::string_view path,
                              const expr::BoundPredicate* predicate);

}  // namespace levee::catalog
