// A count over partition columns, or of everything, and sums by partition come from what is kept with the data.
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

// Sums by all partition columns add up to those by some of them.
bool GroupsByPartitionsAlone(const Aggregate& aggregate) {
  return std::ranges::all_of(aggregate.groups, [](const SortKey& key) {
    return key.column.role == columnar::ColumnRole::kPartition;
  });
}

bool AggregateFromSummary(Plan& plan, const Aggregate& aggregate) {
  const auto* const scan = std::get_if<Scan>(&plan.input().op);
  if (scan == nullptr || !KeepsAll(scan->filter) || scan->limit || !GroupsByPartitionsAlone(aggregate)) return false;
  plan = Over(Summary{}, std::move(plan));
  return true;
}

}  // namespace

bool AnswerFromSummary(Plan& plan) {
  if (const auto* aggregate = std::get_if<Aggregate>(&plan.op)) return AggregateFromSummary(plan, *aggregate);
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
