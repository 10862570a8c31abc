// A scan reads what is asked for and what the nodes above it need, not every column.
#include "query/batch_bounds.h"
#include "query/rules/rules.h"

namespace levee::query {
namespace {

// `needed`: what the nodes above read.
bool Prune(Plan& plan, Columns needed) {
  if (auto* const scan = std::get_if<Scan>(&plan.op)) {
    if (scan->columns) return false;
    scan->columns = std::move(needed);
    return true;
  }
  if (std::holds_alternative<Count>(plan.op)) needed.clear();
  if (const auto* aggregate = std::get_if<Aggregate>(&plan.op)) needed = AggregateColumns(*aggregate);
  if (const auto* join = std::get_if<Join>(&plan.op)) {
    // The list has its columns itself.
    if (join->listed != nullptr) {
      std::erase_if(needed, [&](const auto& key) { return join->listed->rows->Find(key) != nullptr; });
    }
    AddColumns(needed, {join->column});
  }
  if (const auto* project = std::get_if<Project>(&plan.op)) needed = project->columns;
  if (const auto* filter = std::get_if<Filter>(&plan.op)) {
    AddColumns(needed, BoundsColumns(filter->predicate->may_match));
  }
  if (const auto* sort = std::get_if<Sort>(&plan.op)) AddColumns(needed, SortColumns(sort->keys));
  if (const auto* top = std::get_if<TopK>(&plan.op)) AddColumns(needed, SortColumns(top->keys));
  if (const auto* quota = std::get_if<Quota>(&plan.op)) AddColumns(needed, QuotaColumns(quota->predicate));
  bool changed = false;
  const auto* const united = std::get_if<Union>(&plan.op);
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    changed |= Prune(plan.inputs[i], united != nullptr ? OwnColumns(united->parts[i], needed) : needed);
  }
  // A projection over a scan of its own columns adds nothing.
  const auto* const project = std::get_if<Project>(&plan.op);
  const auto* const scan = project != nullptr ? std::get_if<Scan>(&plan.input().op) : nullptr;
  if (scan == nullptr || scan->columns != project->columns) return changed;
  ReplaceByInput(plan);
  return true;
}

}  // namespace

bool PruneProjections(Plan& plan) { return Prune(plan, {}); }

}  // namespace levee::query
