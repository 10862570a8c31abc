#include "catalog/question_plan.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/plan_estimates.h"
#include "metrics/metrics.h"
#include "types/file_key.h"

namespace levee::catalog {
namespace {

using query::Join;
using Texts = std::vector<std::string>;

// Tables of one schema may differ in whether their writers keep to generation expressions.
std::uint64_t ScopeIdentity(const Snapshot& snapshot) {
  return snapshot.generated.empty() ? snapshot.schema_identity : ~snapshot.schema_identity;
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// What a path that a user gave may be in the log: whole, or below the table's root.
Texts TextsOf(const std::string& path, const std::string& root) {
  Texts texts{types::CanonicalPath(path)};
  if (texts[0].starts_with(root)) texts.push_back(texts[0].substr(root.size()));
  return texts;
}

std::shared_ptr<const Texts> SortedOnce(Texts texts) {
  std::ranges::sort(texts);
  const auto repeats = std::ranges::unique(texts);
  texts.erase(repeats.begin(), repeats.end());
  return std::make_shared<const Texts>(std::move(texts));
}

std::shared_ptr<const Texts> PathTexts(const Texts& paths, const std::string& root) {
  Texts all;
  for (const std::string& path : paths) std::ranges::move(TextsOf(path, root), std::back_inserter(all));
  return SortedOnce(std::move(all));
}

Join PathJoin(Join::Kind kind) {
  return {.kind = kind, .column = columnar::PlainKey(columnar::ColumnRole::kPath), .canonical = types::CanonicalPath};
}

Join ListedJoin(const ListedFiles& listed, const std::string& root) {
  auto rows = std::make_shared<query::ListedRows>();
  rows->rows = listed.rows;
  Texts all;
  for (std::uint32_t row = 0; row < listed.paths.size(); ++row) {
    for (std::string& text : TextsOf(listed.paths[row], root)) {
      rows->by_text[text].push_back(row);
      all.push_back(std::move(text));
    }
  }
  Join join = PathJoin(Join::Kind::kInner);
  join.texts = SortedOnce(std::move(all));
  join.listed = std::move(rows);
  return join;
}

}  // namespace

Result<BoundWhere> BindWhere(Context& context, const Snapshot& snapshot, std::string_view where,
                             Explanation* explanation) {
  const metrics::Timer timer(metrics::Metric::kBindSeconds);
  const std::int64_t start_ns = explanation != nullptr ? context.clock().MonotonicNanos() : 0;
  BoundWhere bound;
  if (!IsBlank(where)) {
    const query::PredicateScope scope{
        .schema_identity = ScopeIdentity(snapshot),
        .resolver = snapshot.resolver,
        .options = {.timezone = context.options().timezone, .now_micros = context.clock().NowMicros()},
        .generated = &snapshot.generated};
    bool cached = false;
    LEVEE_ASSIGN(const auto planned, context.predicates().Bind(where, scope, &cached));
    bound = {.predicate = query::Predicate(planned, &planned->bound), .identity = planned->identity};
    if (explanation != nullptr) {
      explanation->predicate = expr::ToSql(planned->bound.may_match);
      explanation->planning = {.uses = planned->uses, .cached = cached, .ns = planned->ns};
    }
  }
  if (explanation != nullptr) explanation->bind_ns += context.clock().MonotonicNanos() - start_ns;
  return bound;
}

query::Plan ChosenFiles(const TableState& state, const FilesRequest& request, const query::Predicate& predicate) {
  query::Plan plan{.op = query::Scan{}, .inputs = {}};
  if (predicate) plan = query::Over(query::Filter{predicate}, std::move(plan));
  if (!request.paths && !request.listed && request.except.empty()) return plan;
  const std::string root = types::CanonicalPath(state.record.uri) + '/';
  if (request.paths) {
    Join join = PathJoin(Join::Kind::kSemi);
    join.texts = PathTexts(*request.paths, root);
    plan = query::Over(std::move(join), std::move(plan));
  }
  if (request.listed) plan = query::Over(ListedJoin(*request.listed, root), std::move(plan));
  if (!request.except.empty()) {
    Join join = PathJoin(Join::Kind::kAnti);
    join.texts = PathTexts(request.except, root);
    plan = query::Over(std::move(join), std::move(plan));
  }
  return plan;
}

query::Plan OrderedFiles(const FilesRequest& request, query::Plan plan) {
  if (!request.order.empty()) plan = query::Over(query::Sort{request.order}, std::move(plan));
  if (request.limit) plan = query::Over(query::Limit{*request.limit}, std::move(plan));
  return plan;
}

Result<query::Plan> OptimisePlan(const PlanTarget& target, query::Plan plan) {
  const metrics::Span span(metrics::Metric::kPlanSpan);
  Explanation* const explanation = target.explanation;
  if (explanation == nullptr) {
    query::PlanQuestion(plan, target.context.rules(), nullptr);
    return plan;
  }
  const std::int64_t start_ns = target.context.clock().MonotonicNanos();
  query::PlanQuestion(plan, target.context.rules(), &explanation->planning.uses);
  explanation->planning.ns += target.context.clock().MonotonicNanos() - start_ns;
  explanation->plan = query::ReportOf(plan);
  LEVEE_RETURN_IF_ERROR(EstimatePlan(target, plan, explanation->plan));
  return plan;
}

}  // namespace levee::catalog
