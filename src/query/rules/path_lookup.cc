// Rows that a list names may be found by the store's keys instead of a scan; what is cheaper is chosen as it runs.
#include "query/rules/rules.h"

namespace levee::query {

bool LookUpTexts(Plan& plan) {
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= LookUpTexts(input);
  auto* const join = std::get_if<Join>(&plan.op);
  if (join == nullptr || join->kind == Join::Kind::kAnti || join->by_lookup) return changed;
  const bool is_path = join->column.role == columnar::ColumnRole::kPath;
  const auto* const scan = std::get_if<Scan>(&plan.input().op);
  if (!is_path || scan == nullptr || scan->limit) return changed;
  join->by_lookup = true;
  return true;
}

}  // namespace levee::query
