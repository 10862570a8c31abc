// A limit moves into the scan below it, which then stops as soon as it has enough.
#include <algorithm>

#include "query/rules/rules.h"

namespace levee::query {

bool PushLimits(Plan& plan) {
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= PushLimits(input);
  const auto* const limit = std::get_if<Limit>(&plan.op);
  if (limit == nullptr) return changed;
  auto* const scan = std::get_if<Scan>(&plan.input().op);
  if (scan == nullptr) return changed;
  scan->limit = std::min(limit->rows, scan->limit.value_or(limit->rows));
  ReplaceByInput(plan);
  return true;
}

}  // namespace levee::query
