#include "memory/store_bank/explain.h"

#include <algorithm>

#include "explain/plan_picture.h"
#include "memory/query/query_text.h"
#include "output/human_text.h"

namespace levee::memory {
namespace {

using output::GroupedNumber;
using query::PlanReport;

constexpr explain::RowName kItems{.one = "item", .many = "items"};

std::string OrderOf(const ItemQuery& query) {
  if (!query.order.empty()) return query.order;
  return query.words.empty() ? "updated desc" : "relevance desc, updated desc";
}

query::Amount Rows(double rows) { return {.files = rows, .bytes = std::nullopt}; }

// What a part gave, and below it how its rows were come by.
PlanReport ReportOf(const PartUse& use, const std::string& conditions) {
  PlanReport scan{.name = "scan", .detail = use.part + ": " + use.access + " of " + GroupedNumber(use.rows) + " rows", .inputs = {}};
  if (use.count.records > 0) scan.detail += ", " + GroupedNumber(use.count.records) + " records read";
  const bool expected = !use.alternatives.empty();
  if (expected) scan.estimated = Rows(use.expected_examined);
  scan.actual = Rows(static_cast<double>(use.count.examined));
  scan.alternatives = use.alternatives;
  scan.ns = use.ns;
  if (conditions.empty()) return scan;
  PlanReport filter{.name = "filter", .detail = conditions, .inputs = {}};
  if (expected) filter.estimated = Rows(use.expected_matched);
  filter.actual = Rows(static_cast<double>(use.count.matched));
  filter.ns = use.ns;
  filter.inputs.push_back(std::move(scan));
  return filter;
}

// The page, of what all parts gave.
PlanReport PlanOf(const FoundAnswer& answer) {
  const std::string conditions = QueryText(answer.query);
  PlanReport page{.name = "top_k", .detail = std::to_string(answer.query.limit) + " by " + OrderOf(answer.query), .inputs = {}};
  double matched = 0;
  bool expected = false;
  for (const PartUse& use : answer.trace.parts) {
    expected = expected || !use.alternatives.empty();
    matched += use.expected_matched;
    page.inputs.push_back(ReportOf(use, conditions));
  }
  if (expected) page.estimated = Rows(std::min(matched, static_cast<double>(answer.query.limit)));
  page.actual = Rows(static_cast<double>(answer.items));
  page.ns = answer.ns;
  if (page.inputs.size() < 2) return page;
  PlanReport all{.name = "union", .detail = std::to_string(page.inputs.size()) + " parts", .inputs = std::move(page.inputs)};
  double given = 0;
  for (const PartUse& use : answer.trace.parts) {
    given += static_cast<double>(use.count.matched);
    all.ns += use.ns;
  }
  if (expected) all.estimated = Rows(matched);
  all.actual = Rows(given);
  page.inputs = {};
  page.inputs.push_back(std::move(all));
  return page;
}

query::PlanningReport PlanningOf(const FindTrace& trace) {
  query::PlanningReport planning;
  const auto add = [&](std::string_view rule) {
    const auto same = [&](const query::RuleUse& use) { return use.rule == rule; };
    if (std::none_of(planning.uses.begin(), planning.uses.end(), same)) planning.uses.push_back({.rule = rule, .rounds = 1});
  };
  for (const PartUse& use : trace.parts) {
    for (const std::string_view rule : use.rules) add(rule);
  }
  if (trace.by_columns) add("item_column_order");
  return planning;
}

std::string Text(const FoundAnswer& answer, const PlanReport& plan, const query::PlanningReport& planning) {
  const std::string conditions = QueryText(answer.query);
  std::string out = "items of " + output::Printable(answer.bank) + ": " + GroupedNumber(answer.items) + " of " +
                    GroupedNumber(answer.all_items) + "\n  query      " +
                    (conditions.empty() ? "none" : output::Printable(conditions)) + '\n';
  explain::AddPlan(out, plan, planning, {.times = answer.times, .rows = kItems});
  return out;
}

std::string Json(const FoundAnswer& answer, const PlanReport& plan, const query::PlanningReport& planning) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject().Member("bank", answer.bank).Member("query", std::string_view(QueryText(answer.query)));
  json.Member("order", std::string_view(OrderOf(answer.query))).Member("items", answer.items).Member("allItems", answer.all_items);
  explain::WritePlan(json, plan, planning, {.times = answer.times, .rows = kItems});
  json.EndObject();
  return out + '\n';
}

}  // namespace

std::string ExplainFound(const FoundAnswer& answer, ExplainFormat format) {
  const PlanReport plan = PlanOf(answer);
  const query::PlanningReport planning = PlanningOf(answer.trace);
  switch (format) {
    case ExplainFormat::kText: break;
    case ExplainFormat::kJson: return Json(answer, plan, planning);
    case ExplainFormat::kSvg: {
      const std::string conditions = QueryText(answer.query);
      constexpr std::size_t kTitleWidth = 48;
      return explain::DrawPlan({.title = "items of " + output::Shortened(output::Printable(answer.bank), kTitleWidth),
                                .found = GroupedNumber(answer.items) + " of " + GroupedNumber(answer.all_items) + " items",
                                .predicate = conditions.empty() ? "no conditions" : conditions,
                                .plan = plan,
                                .planning = planning,
                                .times = answer.times,
                                .rows = kItems});
    }
  }
  return Text(answer, plan, planning);
}

}  // namespace levee::memory
