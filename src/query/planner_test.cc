#include "query/planner.h"

#include <gtest/gtest.h>

#include <functional>

#include "expr/predicate.h"
#include "query/predicate_cache.h"

namespace levee::query {
namespace {

using types::TypeKind;

// id, day: long; x: double; name: string; date: a partition column of type date.
class TestColumns final : public expr::ColumnResolver {
 public:
  std::optional<expr::ColumnRef> Resolve(const std::vector<std::string>& path) const override {
    const auto column = [&](TypeKind kind, bool partition = false) {
      return expr::ColumnRef{
          .name = path[0], .physical_path = path[0], .type = {kind}, .is_partition = partition};
    };
    if (path[0] == "x") return column(TypeKind::kDouble);
    if (path[0] == "name") return column(TypeKind::kString);
    if (path[0] == "date") return column(TypeKind::kDate, true);
    return column(TypeKind::kLong);
  }
  std::vector<std::string> Names() const override { return {"id", "x", "name", "date"}; }
};

RuleSet Without(std::string_view names) {
  auto rules = RuleSet::Without(names);
  EXPECT_TRUE(rules) << rules.error().ToString();
  return rules ? *rules : RuleSet();
}

PlannedPredicate Planned(std::string_view text, const RuleSet& rules = {}) {
  static const TestColumns kColumns;
  PredicateCache cache(64 << 20, rules);
  auto planned = cache.Bind(text, {.schema_identity = 1, .resolver = kColumns});
  EXPECT_TRUE(planned) << planned.error().ToString();
  return planned ? **planned : PlannedPredicate();
}

std::string Text(std::string_view text, std::string_view disabled = "") {
  return expr::ToSql(Planned(text, Without(disabled)).bound.may_match);
}

struct Rewrite {
  std::string_view rule, text, with, without;
};

// The same predicate with every rule and with the one that is told left out.
class RewriteTest : public testing::TestWithParam<Rewrite> {};

TEST_P(RewriteTest, RuleDoesIt) {
  const Rewrite& rewrite = GetParam();
  EXPECT_EQ(Text(rewrite.text), rewrite.with);
  EXPECT_EQ(Text(rewrite.text, rewrite.rule), rewrite.without);
}

INSTANTIATE_TEST_SUITE_P(
    ConstantFolding, RewriteTest,
    testing::Values(Rewrite{"constant_folding", "id > 5 AND 1 = 1", "id > 5", "id > 5 AND TRUE"},
                    Rewrite{"constant_folding", "id > 5 OR NULL", "id > 5", "id > 5 OR FALSE"},
                    Rewrite{"constant_folding", "id > 5 OR (x < 1 AND 1 = 2)", "id > 5",
                            "id > 5 OR (x < 1 AND FALSE)"},
                    Rewrite{"constant_folding", "id > 5 AND NULL", "FALSE", "id > 5 AND FALSE"}));

INSTANTIATE_TEST_SUITE_P(
    Simplification, RewriteTest,
    testing::Values(Rewrite{"simplification", "id > 5 AND id > 7", "id > 7", "id > 5 AND id > 7"},
                    Rewrite{"simplification", "id > 5 OR id >= 7", "id > 5", "id > 5 OR id >= 7"},
                    Rewrite{"simplification", "x < 2 AND x <= 2", "x < 2", "x < 2 AND x <= 2"},
                    Rewrite{"simplification", "id > 5 AND (x < 2 AND id > 5)", "id > 5 AND x < 2",
                            "id > 5 AND (x < 2 AND id > 5)"},
                    Rewrite{"simplification", "id = 3 OR id IN (1, 2) OR id = 3", "id IN (1, 2, 3)",
                            "id = 3 OR id IN (1, 2) OR id = 3"},
                    Rewrite{"simplification", "id >= 5 AND id <= 5", "id = 5", "id >= 5 AND id <= 5"},
                    // NaN is above 5 to one engine and to another not.
                    Rewrite{"simplification", "x >= 5 AND x <= 5", "x >= 5 AND x <= 5", "x >= 5 AND x <= 5"},
                    Rewrite{"simplification", "id IS NOT NULL AND id <> 3", "id <> 3",
                            "id IS NOT NULL AND id <> 3"},
                    Rewrite{"simplification", "id = 5 AND id > 3", "id = 5", "id = 5 AND id > 3"},
                    Rewrite{"simplification", "NOT (NOT (name LIKE 'a%')) AND name LIKE 'a%'",
                            "name LIKE 'a%'", "name LIKE 'a%' AND name LIKE 'a%'"}));

INSTANTIATE_TEST_SUITE_P(
    Contradiction, RewriteTest,
    testing::Values(Rewrite{"contradiction", "id > 7 AND id < 5", "FALSE", "id > 7 AND id < 5"},
                    Rewrite{"contradiction", "x > 7 AND x <= 7", "FALSE", "x > 7 AND x <= 7"},
                    Rewrite{"contradiction", "id = 1 AND id = 2", "FALSE", "id = 1 AND id = 2"},
                    Rewrite{"contradiction", "id IS NULL AND id > 5", "FALSE", "id IS NULL AND id > 5"},
                    Rewrite{"contradiction", "id IN (1, 9) AND id < 5", "id = 1", "id IN (1, 9) AND id < 5"},
                    Rewrite{"contradiction", "id IN (1, 9) AND id BETWEEN 2 AND 8", "FALSE",
                            "id IN (1, 9) AND id >= 2 AND id <= 8"},
                    Rewrite{"contradiction", "name = 'b' OR (id > 7 AND id < 5)", "name = 'b'",
                            "name = 'b' OR (id > 7 AND id < 5)"}));

INSTANTIATE_TEST_SUITE_P(CommonSubexpressions, RewriteTest,
                         testing::Values(Rewrite{"common_subexpressions",
                                                 "(id > 1 AND x < 2) OR (id > 1 AND name = 'b')",
                                                 "id > 1 AND (x < 2 OR name = 'b')",
                                                 "(id > 1 AND x < 2) OR (id > 1 AND name = 'b')"},
                                         Rewrite{"common_subexpressions", "id > 1 OR (id > 1 AND x < 2)",
                                                 "id > 1", "id > 1 OR (id > 1 AND x < 2)"}));

TEST(PlannerTest, NullsAreInNoSetButTheirOwn) {
  // Not a contradiction: one is about another row set of the same column.
  EXPECT_EQ(Text("id IS NULL OR id > 5"), "id IS NULL OR id > 5");
  EXPECT_EQ(Text("NOT (id > 7 AND id < 5)"), "id <= 7 OR id >= 5");
  EXPECT_EQ(Text("id > 7 AND day < 5"), "id > 7 AND day < 5");
}

TEST(PlannerTest, TellsWhatRulesDid) {
  const PlannedPredicate planned = Planned("id > 5 AND id > 7");
  ASSERT_EQ(planned.uses.size(), 1U);
  EXPECT_EQ(planned.uses[0].rule, "simplification");
  EXPECT_EQ(planned.uses[0].rounds, 1);
  EXPECT_TRUE(Planned("id > 5").uses.empty());
}

TEST(PlannerTest, RefusesWhatIsNoRule) {
  const auto rules = RuleSet::Without("simplification, simplificaton");
  ASSERT_FALSE(rules);
  EXPECT_NE(rules.error().ToString().find("'simplificaton'"), std::string::npos);
  EXPECT_TRUE(RuleSet::Without(" , constant_folding ,,"));
}

Plan FilesPlan(std::string_view where, std::optional<std::int64_t> limit) {
  auto planned = std::make_shared<PlannedPredicate>(Planned(where));
  Plan plan = Over(Filter{Predicate(planned, &planned->bound)}, Plan{.op = Scan{}, .inputs = {}});
  if (limit) plan = Over(Limit{*limit}, std::move(plan));
  return plan;
}

std::string Shape(const Plan& plan) {
  std::string text(NameOf(plan.op));
  for (const Plan& input : plan.inputs) text += " " + Shape(input);
  return text;
}

TEST(PlannerTest, PlansEndInTheirScan) {
  const Columns columns{columnar::PlainKey(columnar::ColumnRole::kPath)};
  const auto shape = [&](std::string_view disabled, std::optional<std::int64_t> limit = 5) {
    Plan plan = Over(Project{columns}, FilesPlan("id > 5", limit));
    PlanQuestion(plan, Without(disabled), nullptr);
    return Shape(plan);
  };
  EXPECT_EQ(shape(""), "scan");
  EXPECT_EQ(shape("predicate_pushdown"), "project limit filter scan");
  EXPECT_EQ(shape("limit_pushdown"), "project limit scan");
  EXPECT_EQ(shape("projection_pruning"), "project scan");
  EXPECT_EQ(shape("", 0), "empty");
  EXPECT_EQ(shape("empty_result", 0), "scan");
}

TEST(PlannerTest, ScansReadWhatNodesAboveNeed) {
  const Columns columns{columnar::PlainKey(columnar::ColumnRole::kPath)};
  Plan plan = Over(Project{columns}, FilesPlan("id > 5", std::nullopt));
  PlanQuestion(plan, Without("predicate_pushdown"), nullptr);
  const auto& scan = std::get<Scan>(plan.input().input().op);
  // path; min, max and nulls of id; numRecords.
  EXPECT_EQ(scan.columns->size(), 5U);
}

TEST(PlannerTest, CountsComeFromSummariesOfPartitions) {
  const auto shape = [](std::string_view where, std::string_view disabled = "") {
    Plan plan = Over(Count{}, FilesPlan(where, std::nullopt));
    PlanQuestion(plan, Without(disabled), nullptr);
    EXPECT_TRUE(VerifyPlan(plan));
    return Shape(plan);
  };
  EXPECT_EQ(shape("date = DATE '2024-01-01'"), "summary count scan");
  EXPECT_EQ(shape("date = DATE '2024-01-01'", "answer_from_summary"), "count scan");
  EXPECT_EQ(shape("date = DATE '2024-01-01' AND id > 5"), "count scan");
  EXPECT_EQ(shape("1 = 1"), "summary count scan");
  EXPECT_EQ(shape("id > 7 AND id < 5"), "count empty");
}

// Two tables with a column under two keys, below what `above` puts there.
std::string UnionShape(const std::function<Plan(Plan)>& above, std::string_view disabled = "") {
  const columnar::ColumnKey size = columnar::PlainKey(columnar::ColumnRole::kSize);
  const Columns own{{columnar::ColumnRole::kMin, "a", {TypeKind::kLong}}, {columnar::ColumnRole::kMin, "b", {TypeKind::kLong}}};
  Plan plan{.op = Union{}, .inputs = {}};
  for (std::size_t i = 0; i < own.size(); ++i) {
    std::get<Union>(plan.op).parts.push_back(
        {.source = i, .label = own[i].path, .columns = {{own[i], UnitedKey(0, {TypeKind::kLong})}, {size, size}}});
    plan.inputs.push_back({.op = Scan{}, .inputs = {}});
  }
  plan = above(std::move(plan));
  PlanQuestion(plan, Without(disabled), nullptr);
  const Status sound = VerifyPlan(plan);
  EXPECT_TRUE(sound) << sound.error().ToString();
  return Shape(plan);
}

TEST(PlannerTest, WhatStandsAboveAUnionIsDoneInItsInputs) {
  const columnar::ColumnKey united = UnitedKey(0, {TypeKind::kLong});
  const Columns columns{UnionLabelKey(), united};
  const auto listed = [&](Plan plan) { return Over(Project{columns}, std::move(plan)); };
  const auto limited = [&](Plan plan) { return listed(Over(Limit{5}, std::move(plan))); };
  const auto ordered = [&](Plan plan) {
    return listed(Over(Limit{5}, Over(Sort{{{.column = UnionLabelKey()}, {.column = united}}}, std::move(plan))));
  };
  const auto filtered = [&](Plan plan) {
    auto planned = std::make_shared<PlannedPredicate>(Planned("id > 5"));
    return listed(Over(Filter{Predicate(planned, &planned->bound)}, std::move(plan)));
  };
  const auto counted = [&](Plan plan) { return Over(Count{}, Over(Limit{5}, std::move(plan))); };
  EXPECT_EQ(UnionShape(listed), "project union scan scan");
  EXPECT_EQ(UnionShape(limited), "project limit union scan scan");
  EXPECT_EQ(UnionShape(limited, "limit_pushdown"), "project limit union limit scan limit scan");
  EXPECT_EQ(UnionShape(limited, "union_pushdown"), "project limit union scan scan");
  EXPECT_EQ(UnionShape(ordered), "project top_k union top_k scan top_k scan");
  EXPECT_EQ(UnionShape(ordered, "union_pushdown"), "project top_k union scan scan");
  EXPECT_EQ(UnionShape(filtered), "project union scan scan");
  EXPECT_EQ(UnionShape(filtered, "predicate_pushdown"), "project union filter scan filter scan");
  EXPECT_EQ(UnionShape(filtered, "union_pushdown"), "project filter union scan scan");
  EXPECT_EQ(UnionShape(counted), "total summary count scan summary count scan");
  EXPECT_EQ(UnionShape(counted, "union_pushdown"), "count limit union scan scan");
}

TEST(PlannerTest, InputsOfAUnionReadTheirOwnColumns) {
  const columnar::ColumnKey a{columnar::ColumnRole::kMin, "a", {TypeKind::kLong}}, b{columnar::ColumnRole::kMin, "b", {TypeKind::kLong}};
  const columnar::ColumnKey united = UnitedKey(0, {TypeKind::kLong});
  Plan plan{.op = Union{.parts = {{.source = 0, .label = "x", .columns = {{a, united}}},
                                  {.source = 1, .label = "y", .columns = {{b, united}}}}},
            .inputs = {}};
  plan.inputs.resize(2);
  plan = Over(Project{{UnionLabelKey(), united}}, std::move(plan));
  PlanQuestion(plan, {}, nullptr);
  const Plan& inputs = plan.input();
  EXPECT_EQ(*std::get<Scan>(inputs.inputs[0].op).columns, Columns{a});
  EXPECT_EQ(*std::get<Scan>(inputs.inputs[1].op).columns, Columns{b});
}

TEST(PlannerTest, InputsWithoutRowsLeaveAUnion) {
  Plan plan{.op = Union{.parts = {{.source = 0, .label = "x"}, {.source = 1, .label = "y"}}}, .inputs = {}};
  plan.inputs.push_back(FilesPlan("1 = 2", std::nullopt));
  plan.inputs.push_back(FilesPlan("id > 5", std::nullopt));
  PlanQuestion(plan, {}, nullptr);
  EXPECT_EQ(Shape(plan), "union scan");
  EXPECT_EQ(std::get<Union>(plan.op).parts.at(0).label, "y");
}

TEST(PlannerTest, FlawsOfPlansAreFound) {
  EXPECT_FALSE(VerifyPlan(Plan{.op = Union{}, .inputs = {}}));
  EXPECT_FALSE(VerifyPlan(Over(Union{}, Plan{.op = Scan{}, .inputs = {}})));
  EXPECT_FALSE(VerifyPlan(Over(Total{.parts = {{}}}, Plan{.op = Scan{}, .inputs = {}})));
  EXPECT_FALSE(VerifyPlan(Over(Union{.parts = {{}}}, Over(Count{}, Plan{.op = Scan{}, .inputs = {}}))));
  const auto texts = std::make_shared<const std::vector<std::string>>();
  EXPECT_FALSE(VerifyPlan(Over(Join{.kind = Join::Kind::kInner, .texts = texts}, Plan{.op = Scan{}, .inputs = {}})));
  EXPECT_FALSE(VerifyPlan(Plan{.op = Count{}, .inputs = {}}));
  EXPECT_FALSE(VerifyPlan(Over(Filter{}, Plan{.op = Scan{}, .inputs = {}})));
  EXPECT_FALSE(VerifyPlan(Over(Summary{}, Plan{.op = Scan{}, .inputs = {}})));
  EXPECT_FALSE(VerifyPlan(Over(Limit{3}, Over(Count{}, Plan{.op = Scan{}, .inputs = {}}))));
  EXPECT_FALSE(VerifyPredicate({.kind = expr::NodeKind::kAnd}));
  EXPECT_FALSE(VerifyPredicate({.kind = expr::NodeKind::kCompare}));
}

// The least time of some runs: others share the machine.
std::int64_t LeastNs(std::string_view text) {
  std::int64_t least = INT64_MAX;
  for (int i = 0; i < 20; ++i) least = std::min(least, Planned(text).ns);
  return least;
}

std::string Joined(int parts, const std::function<std::string(int)>& part, std::string_view joint) {
  std::string text;
  for (int i = 0; i < parts; ++i) text += (i == 0 ? "" : std::string(joint)) + part(i);
  return text;
}

TEST(PlannerTest, IsQuick) {
  RecordProperty("simple_ns", static_cast<int>(LeastNs("date = DATE '2024-01-01' AND id BETWEEN 5 AND 7")));
  const auto number = [](int i) { return std::to_string(i); };
  const std::string long_list = "id IN (" + Joined(1000, number, ", ") + ") AND id > 5";
  const auto unlike = [](int i) { return "c" + std::to_string(i % 10) + " <> " + std::to_string(i); };
  const auto equal = [](int i) { return "id = " + std::to_string(i); };
  const auto above = [](int i) { return "id > " + std::to_string(i); };
  EXPECT_LE(LeastNs("date = DATE '2024-01-01' AND id BETWEEN 5 AND 7"), 5'000);
  EXPECT_LE(LeastNs(long_list), 1'000'000);
  EXPECT_LE(LeastNs(Joined(100, unlike, " AND ")), 1'000'000);
  EXPECT_LE(LeastNs(Joined(1000, equal, " OR ")), 1'000'000);
  EXPECT_EQ(Text(Joined(1000, above, " AND ")), "id > 999");
}

}  // namespace
}  // namespace levee::query
