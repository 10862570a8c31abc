#include "catalog/union_view.h"

#include <algorithm>
#include <utility>

#include "base/cancellation.h"
#include "catalog/plan_execution.h"
#include "catalog/plan_learning.h"
#include "catalog/question_plan.h"
#include "expr/simplify.h"
#include "query/batch_bounds.h"

namespace levee::catalog {
namespace {

using columnar::BatchStream;

// The error of one table among several.
std::unexpected<Error> In(const std::string& label, Error error) {
  error.what = label + ": " + error.what;
  return std::unexpected(std::move(error));
}

class TablesView final : public UnionView {
 public:
  TablesView(Context& context, std::vector<UnionTable> tables, std::int64_t sync_ns)
      : context_(context), sync_ns_(sync_ns) {
    for (UnionTable& table : tables) {
      views_.push_back(std::move(table.view));
      tables_.push_back({.label = std::move(table.label), .snapshot = std::move(table.snapshot), .view = nullptr});
    }
  }

  const std::vector<std::unique_ptr<View>>& tables() const override { return views_; }
  Result<std::unique_ptr<BatchStream>> Files(const UnionRequest& request, Explanation* explanation) const override;
  Result<std::int64_t> Count(const UnionRequest& request, Explanation* explanation) const override;

 private:
  // A predicate for each table, which differ where the tables' schemas do.
  Result<std::vector<BoundWhere>> Bind(std::string_view where, Explanation* explanation) const;
  query::Plan Chosen(const UnionRequest& request, const std::vector<BoundWhere>& bound) const;
  PlanTarget Target(Explanation* explanation) const;

  Context& context_;
  std::vector<UnionTable> tables_;  // constant, like the views
  std::vector<std::unique_ptr<View>> views_;
  const std::int64_t sync_ns_;
};

// Whether one predicate, above the union, says what each table's does.
bool AreEqual(const std::vector<BoundWhere>& bound) {
  return std::ranges::all_of(bound, [&](const BoundWhere& each) {
    const query::Predicate &first = bound.front().predicate, &other = each.predicate;
    return first && other && expr::EqualNodes(first->may_match, other->may_match);
  });
}

// Rules that changed some table's predicate, each once.
void AddPlanning(const query::PlanningReport& more, query::PlanningReport& planning) {
  planning.cached = planning.cached && more.cached;
  planning.ns += more.ns;
  for (const query::RuleUse& use : more.uses) {
    const auto found = std::ranges::find(planning.uses, use.rule, &query::RuleUse::rule);
    if (found == planning.uses.end()) {
      planning.uses.push_back(use);
    } else {
      found->rounds += use.rounds;
      found->ns += use.ns;
    }
  }
}

Result<std::vector<BoundWhere>> TablesView::Bind(std::string_view where, Explanation* explanation) const {
  std::vector<BoundWhere> bound;
  std::string together;
  bool differ = false;
  if (explanation != nullptr) *explanation = {.version = -1, .sync_ns = sync_ns_};
  for (const UnionTable& table : tables_) {
    Explanation own;
    auto one = BindWhere(context_, *table.snapshot, where, explanation != nullptr ? &own : nullptr);
    if (!one) return In(table.label, std::move(one).error());
    bound.push_back(std::move(*one));
    if (explanation == nullptr) continue;
    if (bound.size() == 1) {
      explanation->predicate = own.predicate;
      explanation->planning.cached = true;
    }
    differ = differ || own.predicate != explanation->predicate;
    together += (together.empty() ? "" : "; ") + table.label + ": " + own.predicate;
    explanation->bind_ns += own.bind_ns;
    AddPlanning(own.planning, explanation->planning);
  }
  if (differ) explanation->predicate = std::move(together);
  return bound;
}

query::Plan TablesView::Chosen(const UnionRequest& request, const std::vector<BoundWhere>& bound) const {
  const query::Predicate shared = AreEqual(bound) ? bound.front().predicate : nullptr;
  query::Plan plan{.op = query::Union{}, .inputs = {}};
  auto& parts = std::get<query::Union>(plan.op).parts;
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    query::UnionPart part{.source = i, .label = tables_[i].label, .columns = request.columns[i]};
    if (shared) {
      for (const columnar::ColumnKey& key : query::BoundsColumns(shared->may_match)) {
        const bool known = std::ranges::any_of(part.columns, [&](const auto& column) { return column.united == key; });
        if (!known) part.columns.push_back({key, key});
      }
    }
    parts.push_back(std::move(part));
    plan.inputs.push_back(
        ChosenFiles(tables_[i].snapshot->state, request.files, shared ? nullptr : bound[i].predicate));
  }
  if (shared) plan = query::Over(query::Filter{shared}, std::move(plan));
  return OrderedFiles(request.files, std::move(plan));
}

PlanTarget TablesView::Target(Explanation* explanation) const {
  auto parts = std::make_shared<std::vector<PlanTarget>>();
  for (const UnionTable& table : tables_) parts->push_back({context_, table.snapshot->state, explanation});
  return {context_, tables_.front().snapshot->state, explanation, std::move(parts)};
}

Result<std::unique_ptr<BatchStream>> TablesView::Files(const UnionRequest& request, Explanation* explanation) const {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  LEVEE_ASSIGN(const std::vector<BoundWhere> bound, Bind(request.files.where, explanation));
  const PlanTarget target = Target(explanation);
  LEVEE_ASSIGN(const query::Plan plan,
               OptimisePlan(target, query::Over(query::Project{request.files.columns}, Chosen(request, bound))));
  if (explanation == nullptr) return OpenPlan(target, plan, nullptr);
  LEVEE_ASSIGN(auto rows, OpenPlan(target, plan, &explanation->plan));
  return MakeLearningStream(std::move(rows), Target(nullptr), plan, explanation->plan);
}

Result<std::int64_t> TablesView::Count(const UnionRequest& request, Explanation* explanation) const {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  LEVEE_ASSIGN(const std::vector<BoundWhere> bound, Bind(request.files.where, explanation));
  const PlanTarget target = Target(explanation);
  LEVEE_ASSIGN(const query::Plan plan, OptimisePlan(target, query::Over(query::Count{}, Chosen(request, bound))));
  if (explanation == nullptr) return CountPlan(target, plan, nullptr);
  const std::int64_t start_ns = context_.clock().MonotonicNanos();
  LEVEE_ASSIGN(const std::int64_t files, CountPlan(target, plan, &explanation->plan));
  explanation->scan_ns = context_.clock().MonotonicNanos() - start_ns;
  LearnFrom(Target(nullptr), plan, explanation->plan);
  return files;
}

}  // namespace

std::unique_ptr<UnionView> MakeUnionView(Context& context, std::vector<UnionTable> tables, std::int64_t sync_ns) {
  return std::make_unique<TablesView>(context, std::move(tables), sync_ns);
}

}  // namespace levee::catalog
