// A count is the same in any order.
#include "query/rules/rules.h"

namespace levee::query {
namespace {

// Through what counts or cuts rows without looking at them; a quota looks.
bool DropBelow(Plan& plan) {
  if (std::holds_alternative<Sort>(plan.op)) {
    ReplaceByInput(plan);
    DropBelow(plan);
    return true;
  }
  const bool blind = std::holds_alternative<Limit>(plan.op) || std::holds_alternative<Project>(plan.op);
  return blind && DropBelow(plan.input());
}

}  // namespace

bool DropNeedlessOrder(Plan& plan) {
  if (std::holds_alternative<Count>(plan.op)) return DropBelow(plan.input());
  bool changed = false;
  for (Plan& input : plan.inputs) changed |= DropNeedlessOrder(input);
  return changed;
}

}  // namespace levee::query
