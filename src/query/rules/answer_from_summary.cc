// A count over partition columns, or of everything, is answered from sums kept with the data.
#include <algorithm>

#include "query/rules/rules.h"

namespace levee::query {
namespace {

bool NamesPartitionsAlone(const expr::SkippingNode& node) {
  const auto& path = node.column.physical_path;
  const auto& other = node.other.physical_path;
  if ((!path.empty() && !node.column.is_partition) || (!other.empty() && !node.other.is_partition))
    return false;
  return std::ranges::all_of(node.children, NamesPartitionsAlone);
}

}  // namespace

bool AnswerFromSummary(Plan& plan) {
  if (!std::holds_alternative<Count>(plan.op)) {
    bool changed = false;
    for (Plan& input : plan.inputs) changed |= AnswerFromSummary(input);
    return changed;
  }
  const auto* const scan = std::get_if<Scan>(&plan.input().op);
  if (scan == nullptr || (scan->filter && !NamesPartitionsAlone(scan->filter->may_match))) return false;
  Summary summary{.filter = scan->filter, .limit = scan->limit};
  plan = Over(std::move(summary), std::move(plan));
  return true;
}

}  // namespace levee::query
