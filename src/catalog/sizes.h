// Files, bytes and records by group.
#pragma once

#include <memory>

#include "catalog/plan_execution.h"

namespace levee::catalog {

// What the sums of a group are made of, in the order in which SumsOf reads them.
std::vector<query::Measure> SizeMeasures();

// Runs a plan whose root is an Aggregate with those measures, or a Summary over one. See View::Sizes.
Result<std::unique_ptr<columnar::BatchStream>> OpenGroups(const PlanTarget& target, const query::Plan& plan,
                                                          query::PlanReport* report);

}  // namespace levee::catalog
