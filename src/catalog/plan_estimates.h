// What is expected of a plan, from statistics that the store keeps.
#pragma once

#include "catalog/plan_execution.h"

namespace levee::catalog {

// Fills the report's estimates in, node by node. `report` is the plan's own. Reads sums by partition, zone
// maps of the columns that filters name and a sample of files: for explanations only.
Status EstimatePlan(const PlanTarget& target, const query::Plan& plan, query::PlanReport& report);

}  // namespace levee::catalog
