// From a question about a table to its plan: what views of one table and of several share.
#pragma once

#include <string_view>

#include "base/hash.h"
#include "catalog/plan_execution.h"

namespace levee::catalog {

// A predicate as a table reads it, after the rules.
struct BoundWhere {
  query::Predicate predicate;  // null: the text is empty
  Hash128 identity;            // of what it asks; zeros likewise
};

// Tells `explanation` (may be null) the predicate and how it was planned, and adds the time.
Result<BoundWhere> BindWhere(Context& context, const Snapshot& snapshot, std::string_view where,
                             Explanation* explanation);

// The files that are asked for of one table: a scan, its filter unless the predicate is null, and joins with lists.
query::Plan ChosenFiles(const TableState& state, const FilesRequest& request, const query::Predicate& predicate);

// The order and the limit above them.
query::Plan OrderedFiles(const FilesRequest& request, query::Plan plan);

// After the rules; tells `target.explanation` what they did and what is expected.
Result<query::Plan> OptimisePlan(const PlanTarget& target, query::Plan plan);

}  // namespace levee::catalog
