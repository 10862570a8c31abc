// Learns from estimates that were far off.
#pragma once

#include <cstdint>
#include <memory>

#include "catalog/plan_execution.h"

namespace levee::catalog {

// What a predicate's estimates on the table are remembered by.
std::uint64_t ShapeOn(const TableState& state, const expr::SkippingNode& predicate);

// Compares the report of a plan that ran to its end with what its scan was expected to give. Plans whose scans
// are cut short, or asked more than once, tell nothing.
void LearnFrom(const PlanTarget& target, const query::Plan& plan, const query::PlanReport& report);

// Passes a stream on; at its end, LearnFrom. `report` outlives it.
std::unique_ptr<columnar::BatchStream> MakeLearningStream(std::unique_ptr<columnar::BatchStream> input,
                                                          const PlanTarget& target, query::Plan plan,
                                                          const query::PlanReport& report);

}  // namespace levee::catalog
