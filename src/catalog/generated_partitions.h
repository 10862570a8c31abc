// The partition columns of a table that are computed from other columns.
#pragma once

#include <vector>

#include "catalog/schema_resolver.h"
#include "delta/actions.h"
#include "expr/generated/generated_columns.h"

namespace levee::catalog {

// Those whose expressions pruning can use, where the protocol makes writers keep to them.
std::vector<expr::GeneratedColumn> GeneratedPartitions(const delta::Protocol& protocol,
                                                       const delta::Metadata& metadata,
                                                       const SchemaResolver& resolver);

}  // namespace levee::catalog
