// A filter moves into the scan below it, where zone maps prune before a row is read.
#include "query/rules/rules.h"

namespace levee::query {

bool PushPredicates(Plan& plan) {
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= PushPredicates(input);
  auto* const filter = std::get_if<Filter>(&plan.op);
  if (filter == nullptr) return changed;
  if (!KeepsAll(filter->predicate)) {
    auto* const scan = std::get_if<Scan>(&plan.input().op);
    // A scan stops at its limit after its filter.
    if (scan == nullptr || scan->filter || scan->limit) return changed;
    scan->filter = std::move(filter->predicate);
  }
  ReplaceByInput(plan);
  return true;
}

}  // namespace levee::query
