// What can have no rows is not run: no store is touched.
#include "query/rules/rules.h"

namespace levee::query {
namespace {

bool HasNoRows(const Plan& plan) {
  if (const auto* scan = std::get_if<Scan>(&plan.op)) {
    return DropsAll(scan->filter) || (scan->limit && *scan->limit <= 0);
  }
  if (const auto* filter = std::get_if<Filter>(&plan.op); filter != nullptr && DropsAll(filter->predicate))
    return true;
  if (const auto* limit = std::get_if<Limit>(&plan.op); limit != nullptr && limit->rows <= 0) return true;
  if (const auto* join = std::get_if<Join>(&plan.op); join != nullptr && join->kind != Join::Kind::kAnti && join->texts->empty())
    return true;
  if (const auto* top = std::get_if<TopK>(&plan.op); top != nullptr && top->rows <= 0) return true;
  if (const auto* quota = std::get_if<Quota>(&plan.op); quota != nullptr && quota->rows <= 0) return true;
  if (const auto* united = std::get_if<Union>(&plan.op)) return united->parts.empty();
  // A count of nothing has a row.
  const bool counts = std::holds_alternative<Count>(plan.op) || std::holds_alternative<Summary>(plan.op) ||
                      std::holds_alternative<Aggregate>(plan.op) || std::holds_alternative<Total>(plan.op);
  return !counts && !plan.inputs.empty() && std::holds_alternative<Empty>(plan.input().op);
}

// Of a union the inputs without rows.
bool DropEmptyInputs(Plan& plan) {
  auto* const united = std::get_if<Union>(&plan.op);
  if (united == nullptr) return false;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    if (std::holds_alternative<Empty>(plan.inputs[i].op)) continue;
    if (kept != i) {
      plan.inputs[kept] = std::move(plan.inputs[i]);
      united->parts[kept] = std::move(united->parts[i]);
    }
    ++kept;
  }
  const bool changed = kept < plan.inputs.size();
  plan.inputs.resize(kept);
  united->parts.resize(kept);
  return changed;
}

}  // namespace

bool DropEmptyParts(Plan& plan) {
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= DropEmptyParts(input);
  changed |= DropEmptyInputs(plan);
  if (!HasNoRows(plan)) return changed;
  plan.op = Empty{};
  plan.inputs.clear();
  return true;
}

}  // namespace levee::query
