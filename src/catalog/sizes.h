// Files, bytes and records by group.
#pragma once

#include <memory>

#include "catalog/plan_execution.h"
#include "store/summary.h"

namespace levee::catalog {

// What the sums of a group are made of, in the order in which GroupPlan reads them.
std::vector<query::Measure> SizeMeasures();

// Runs a plan whose root is an Aggregate with those measures, or a Summary over one.
Result<std::shared_ptr<const store::PartitionSummary>> GroupPlan(const PlanTarget& target, const query::Plan& plan,
                                                                 query::PlanReport* report);

}  // namespace levee::catalog
