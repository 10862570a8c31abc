// Runs a view's plans on the store.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/context.h"
#include "catalog/table_state.h"
#include "query/plan.h"
#include "query/sorting/spilled_runs.h"

namespace levee::catalog {

// What the plan of a question runs against. Everything outlives the streams that come from it.
struct PlanTarget {
  Context& context;
  const TableState& state;
  Explanation* explanation = nullptr;  // null: nobody asks how
  // What the parts of a union run against, by their `source`; null: there is no union. Then `state` is the first's.
  std::shared_ptr<const std::vector<PlanTarget>> parts = nullptr;

  const PlanTarget& Of(const query::UnionPart& part) const { return (*parts)[part.source]; }
};

// What a sort, or groups, may take beside the caches and what else is at work.
query::SortMemory SortMemoryOf(const CatalogOptions& options);

// The rows of a plan that does not count. `report` is null or the plan's own, to be filled in as the stream
// is read.
Result<std::unique_ptr<columnar::BatchStream>> OpenPlan(const PlanTarget& target, const query::Plan& plan,
                                                        query::PlanReport* report);

// The number that a plan counts.
Result<std::int64_t> CountPlan(const PlanTarget& target, const query::Plan& plan, query::PlanReport* report);

}  // namespace levee::catalog
