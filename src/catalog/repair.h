// Makes a damaged table right again from its log: docs/repair.md.
#pragma once

#include <string_view>

#include "catalog/context.h"

namespace levee::catalog {

// kNotFound: the store does not know the table; kDiverged: its log is another one now.
Result<RepairReport> RepairTable(Context& context, std::string_view table, const RepairOptions& options);

}  // namespace levee::catalog
