// The files with the highest (or lowest) bounds of a column are looked for where zone maps say that they are.
#include "query/rules/rules.h"

namespace levee::query {
namespace {

using columnar::ColumnRole;

// A condition on the column then says what the order's first rows have: max(c) >= x, or min(c) <= x.
bool IsBoundFirst(const SortKey& key) {
  const ColumnRole role = key.descending ? ColumnRole::kMax : ColumnRole::kMin;
  const bool is_text = types::PhysicalTypeOf(key.column.type) == types::PhysicalType::kString;
  return key.column.role == role && !is_text;
}

}  // namespace

bool LookWithinBounds(Plan& plan) {
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= LookWithinBounds(input);
  auto* const top = std::get_if<TopK>(&plan.op);
  if (top == nullptr || top->by_bounds || !IsBoundFirst(top->keys.front())) return changed;
  const auto* const scan = std::get_if<Scan>(&plan.input().op);
  if (scan == nullptr || scan->limit) return changed;
  top->by_bounds = true;
  return true;
}

}  // namespace levee::query
