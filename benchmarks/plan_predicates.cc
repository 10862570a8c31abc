// How long planning takes: text to a bound predicate, the rules over it, and the plan of a list of files.
//
//   plan_predicates
// Prints a JSON object a line: the predicate's kind, medians in nanoseconds of parsing with binding, rules on the
// predicate, rules on the plan, and of all together.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "expr/predicate.h"
#include "query/planner.h"

namespace levee {
namespace {

using Clock = std::chrono::steady_clock;

// Any name is a column of whole numbers; "date" a partition column.
class AnyColumn final : public expr::ColumnResolver {
 public:
  std::optional<expr::ColumnRef> Resolve(const std::vector<std::string>& path) const override {
    return expr::ColumnRef{.name = path.front(),
                           .physical_path = path.front(),
                           .type = {path.front() == "date" ? types::TypeKind::kDate : types::TypeKind::kLong},
                           .is_partition = path.front() == "date"};
  }
  std::vector<std::string> Names() const override { return {}; }
};

struct Case {
  const char* kind;
  std::string text;
};

// `count` parts made by `part`, with `between` them.
std::string Repeated(int count, const char* between, const std::function<std::string(int)>& part) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : between) + part(i);
  return text;
}

std::vector<Case> Cases() {
  const auto column = [](int i) { return "c" + std::to_string(i); };
  return {
      {"simple", "id = 5"},
      {"usual", "date = DATE '2024-01-31' AND id BETWEEN 10 AND 20"},
      {"100 conjuncts", Repeated(100, " AND ", [&](int i) { return column(i) + " > " + std::to_string(i); })},
      {"100 conjuncts, one column",
       Repeated(100, " AND ", [](int i) { return "id <> " + std::to_string(i * 7 % 100); })},
      {"100 disjuncts of two",
       Repeated(100, " OR ", [&](int i) { return "(date IS NOT NULL AND " + column(i) + " = 1)"; })},
      {"IN of 1,000", "id IN (" + Repeated(1'000, ", ", [](int i) { return std::to_string(i * 7919 % 1000); }) + ")"},
      {"1,000 equalities", Repeated(1'000, " OR ", [](int i) { return "id = " + std::to_string(i * 7919 % 1000); })},
  };
}

struct Times {
  std::int64_t bind_ns = 0, rules_ns = 0, plan_ns = 0, all_ns = 0;
};

Times PlanOnce(const std::string& text, const expr::ColumnResolver& columns) {
  static const std::vector<expr::GeneratedColumn> kNone;
  const query::RuleSet rules;
  std::vector<query::RuleUse> uses;
  const auto start = Clock::now();
  auto bound = expr::BindPredicate(text, columns, {.as_written = true});
  if (!bound) {
    std::fprintf(stderr, "plan_predicates: %s\n", bound.error().ToString().c_str());
    std::exit(1);
  }
  const auto bound_at = Clock::now();
  query::PlanPredicate(bound->may_match, {kNone}, rules, uses);
  const auto ruled_at = Clock::now();
  const auto predicate = std::make_shared<const expr::BoundPredicate>(std::move(*bound));
  query::Plan plan = query::Over(
      query::Project{{columnar::PlainKey(columnar::ColumnRole::kPath)}},
      query::Over(query::Limit{10}, query::Over(query::Filter{predicate}, {.op = query::Scan{}, .inputs = {}})));
  query::PlanQuestion(plan, rules, nullptr);
  const auto end = Clock::now();
  const auto ns = [](auto span) { return static_cast<std::int64_t>(span / std::chrono::nanoseconds(1)); };
  return {ns(bound_at - start), ns(ruled_at - bound_at), ns(end - ruled_at), ns(end - start)};
}

std::int64_t Median(const std::vector<Times>& times, std::int64_t Times::*member) {
  std::vector<std::int64_t> values;
  for (const Times& one : times) values.push_back(one.*member);
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

}  // namespace
}  // namespace levee

int main() {
  using namespace levee;
  const AnyColumn columns;
  for (const Case& one : Cases()) {
    std::vector<Times> times;
    const auto until = Clock::now() + std::chrono::milliseconds(300);
    while (times.size() < 20 || Clock::now() < until) times.push_back(PlanOnce(one.text, columns));
    std::printf("{\"predicate\": \"%s\", \"bind_ns\": %lld, \"rules_ns\": %lld, \"plan_ns\": %lld, \"all_ns\": %lld}\n",
                one.kind, static_cast<long long>(Median(times, &Times::bind_ns)),
                static_cast<long long>(Median(times, &Times::rules_ns)),
                static_cast<long long>(Median(times, &Times::plan_ns)),
                static_cast<long long>(Median(times, &Times::all_ns)));
  }
}
