// Runs joins of a table's files with a list of paths.
#pragma once

#include <memory>

#include "catalog/plan_execution.h"

namespace levee::catalog {

// The plan's root is a query::Join. By key look-up where that is allowed and expected to be cheaper.
Result<std::unique_ptr<columnar::BatchStream>> OpenJoin(const PlanTarget& target, const query::Plan& plan,
                                                        query::PlanReport* report);

}  // namespace levee::catalog
