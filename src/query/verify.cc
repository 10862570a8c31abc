// What every plan must be like, whichever rules made it.
#include <algorithm>

#include "query/plan.h"
#include "query/predicate_lists.h"

namespace levee::query {
namespace {

using expr::NodeKind;

std::unexpected<Error> Flawed(std::string flaw) {
  return Fail(ErrorCode::kInternal, "plan", std::move(flaw));
}

Status VerifyFilter(const Predicate& predicate, std::string_view name) {
  if (!predicate) return Flawed(std::string(name) + " has no predicate");
  return VerifyPredicate(predicate->may_match);
}

bool AreSorted(const std::vector<types::Value>& values) {
  const auto not_less = [](const types::Value& a, const types::Value& b) {
    return types::ComparePhysical(a.physical, b.physical) >= 0;
  };
  return std::ranges::adjacent_find(values, not_less) == values.end();
}

}  // namespace

Status VerifyPredicate(const expr::SkippingNode& node) {
  if (IsList(node) && node.children.size() < 2) return Flawed("a list of fewer than two conditions");
  if (!IsList(node) && !node.children.empty()) return Flawed("a condition with parts that is no list");
  const bool constant = node.kind == NodeKind::kKeep || node.kind == NodeKind::kDrop;
  if (!constant && !IsList(node) && node.column.physical_path.empty())
    return Flawed("a condition without a column");
  if (node.kind == NodeKind::kCompare && node.literals.size() != 1)
    return Flawed("a comparison without its value");
  const bool list = node.kind == NodeKind::kIn || node.kind == NodeKind::kNotIn;
  if (list && !AreSorted(node.literals)) return Flawed("a list of values that is not sorted");
  for (const expr::SkippingNode& child : node.children) LEVEE_RETURN_IF_ERROR(VerifyPredicate(child));
  return {};
}

namespace {

Status VerifyJoin(const Join& join, const Plan& input) {
  if (join.texts == nullptr) return Flawed("a join with nothing");
  const bool inner = join.kind == Join::Kind::kInner;
  if (inner != (join.listed != nullptr && join.listed->rows != nullptr))
    return Flawed("a join that adds columns and has none, or has and does not");
  if (join.by_lookup && (join.kind == Join::Kind::kAnti || !std::holds_alternative<Scan>(input.op)))
    return Flawed("a look-up of something else than a scan's rows");
  return {};
}

bool IsSum(const Plan& plan) {
  return std::holds_alternative<Count>(plan.op) || std::holds_alternative<Aggregate>(plan.op);
}

// Inputs of a union are rows of one source each; those of a total are counts, or their summaries.
Status VerifyParts(const Plan& plan) {
  const auto* const united = std::get_if<Union>(&plan.op);
  const std::size_t parts = united != nullptr ? united->parts.size() : std::get<Total>(plan.op).parts.size();
  if (parts == 0 || parts != plan.inputs.size())
    return Flawed(std::string(NameOf(plan.op)) + " does not say whose its inputs are");
  for (const Plan& input : plan.inputs) {
    const bool counts = IsSum(input) || std::holds_alternative<Summary>(input.op);
    if (counts != (united == nullptr) || std::holds_alternative<Aggregate>(input.op))
      return Flawed(std::string(NameOf(plan.op)) + " stands over " + std::string(NameOf(input.op)));
    LEVEE_RETURN_IF_ERROR(VerifyPlan(input));
  }
  return {};
}

}  // namespace

Status VerifyPlan(const Plan& plan) {
  const std::string_view name = NameOf(plan.op);
  if (std::holds_alternative<Union>(plan.op) || std::holds_alternative<Total>(plan.op)) return VerifyParts(plan);
  const bool is_leaf = std::holds_alternative<Scan>(plan.op) || std::holds_alternative<Empty>(plan.op);
  if (plan.inputs.size() != (is_leaf ? 0U : 1U))
    return Flawed(std::string(name) + " has a wrong number of inputs");
  if (const auto* scan = std::get_if<Scan>(&plan.op); scan != nullptr && scan->filter) {
    return VerifyFilter(scan->filter, name);
  }
  if (is_leaf) return {};
  if (const auto* filter = std::get_if<Filter>(&plan.op)) {
    LEVEE_RETURN_IF_ERROR(VerifyFilter(filter->predicate, name));
  }
  const auto* const sort = std::get_if<Sort>(&plan.op);
  const auto* const top = std::get_if<TopK>(&plan.op);
  if ((sort != nullptr && sort->keys.empty()) || (top != nullptr && top->keys.empty()))
    return Flawed(std::string(name) + " has no order");
  if (top != nullptr && top->by_bounds && !std::holds_alternative<Scan>(plan.input().op))
    return Flawed("bounds of something else than a scan");
  if (const auto* join = std::get_if<Join>(&plan.op)) LEVEE_RETURN_IF_ERROR(VerifyJoin(*join, plan.input()));
  const bool summary = std::holds_alternative<Summary>(plan.op);
  if (IsSum(plan.input()) != summary || std::holds_alternative<Total>(plan.input().op))
    return Flawed(std::string(name) + " stands over " + std::string(NameOf(plan.input().op)));
  return VerifyPlan(plan.input());
}

}  // namespace levee::query
