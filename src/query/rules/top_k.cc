// The first rows of an order are found without sorting the others.
#include "query/rules/rules.h"

namespace levee::query {
namespace {

// More rows than these are sorted like all: a sort can spill.
constexpr std::int64_t kRowsMax = 65'536;

}  // namespace

bool KeepTopRows(Plan& plan) {
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= KeepTopRows(input);
  const auto* const limit = std::get_if<Limit>(&plan.op);
  if (limit == nullptr || limit->rows > kRowsMax) return changed;
  auto* const sort = std::get_if<Sort>(&plan.input().op);
  if (sort == nullptr) return changed;
  TopK top{.keys = std::move(sort->keys), .rows = limit->rows};
  ReplaceByInput(plan);
  plan.op = std::move(top);
  return true;
}

}  // namespace levee::query
