// What stands above a union is done in each of its inputs, where the rules that follow see a scan below it.
#include <algorithm>

#include "query/rules/rules.h"

namespace levee::query {
namespace {

// More rows of an order than these would be sorted twice, in an input and above.
constexpr std::int64_t kOrderedRowsMax = 65'536;

// The order as an input knows its columns; its own rows all have one label. Empty: by nothing else.
std::vector<SortKey> OwnOrder(const UnionPart& part, const std::vector<SortKey>& keys) {
  std::vector<SortKey> own;
  for (const SortKey& key : keys) {
    const auto found = std::ranges::find(part.columns, key.column, &UnitedColumn::united);
    if (found == part.columns.end()) continue;
    own.push_back(key);
    own.back().column = found->own;
  }
  return own;
}

// A predicate above a union says the same of each input, so that it need not stay.
bool PushFilter(Plan& plan) {
  const auto* const filter = std::get_if<Filter>(&plan.op);
  if (filter == nullptr || !std::holds_alternative<Union>(plan.input().op)) return false;
  for (Plan& input : plan.input().inputs) input = Over(Filter{filter->predicate}, std::move(input));
  ReplaceByInput(plan);
  return true;
}

// No more rows of an input are wanted than of all; the limit stays.
bool PushLimit(Plan& plan) {
  const auto* const limit = std::get_if<Limit>(&plan.op);
  if (limit == nullptr) return false;
  const auto* const sort = std::get_if<Sort>(&plan.input().op);
  Plan& below = sort != nullptr ? plan.input().input() : plan.input();
  const auto* const united = std::get_if<Union>(&below.op);
  if (united == nullptr || (sort != nullptr && limit->rows > kOrderedRowsMax)) return false;
  for (std::size_t i = 0; i < below.inputs.size(); ++i) {
    Plan& input = below.inputs[i];
    std::vector<SortKey> order = sort != nullptr ? OwnOrder(united->parts[i], sort->keys) : std::vector<SortKey>();
    if (!order.empty()) input = Over(Sort{std::move(order)}, std::move(input));
    input = Over(Limit{limit->rows}, std::move(input));
  }
  return true;
}

// A union is counted by counting its inputs.
bool PushCount(Plan& plan) {
  if (!std::holds_alternative<Count>(plan.op)) return false;
  const auto* const limit = std::get_if<Limit>(&plan.input().op);
  Plan& below = limit != nullptr ? plan.input().input() : plan.input();
  auto* const united = std::get_if<Union>(&below.op);
  if (united == nullptr) return false;
  Plan total{.op = Total{.parts = std::move(united->parts),
                         .limit = limit != nullptr ? std::optional(limit->rows) : std::nullopt},
             .inputs = {}};
  for (Plan& input : below.inputs) total.inputs.push_back(Over(Count{}, std::move(input)));
  plan = std::move(total);
  return true;
}

}  // namespace

// From below: a filter must be out of the way before a limit sees the union.
bool PushIntoUnions(Plan& plan) {
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= PushIntoUnions(input);
  return PushFilter(plan) || PushLimit(plan) || PushCount(plan) || changed;
}

}  // namespace levee::query
