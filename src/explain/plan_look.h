// Plans as text and JSON: one look for every kind of question. docs/planner.md tells what they say.
#pragma once

#include <string>
#include <string_view>

#include "output/json_writer.h"
#include "query/plan_report.h"

namespace levee::explain {

// What the rows of a plan are called.
struct RowName {
  std::string_view one = "file", many = "files";
};

struct PlanLook {
  bool times = false;  // --analyze
  RowName rows;
};

// "4 files, 612 KB"; empty when nothing is known.
std::string AmountText(const query::Amount& amount, const RowName& rows);

// The plan's tree, a line a node, and the rules that changed it.
void AddPlan(std::string& out, const query::PlanReport& plan, const query::PlanningReport& planning, const PlanLook& look);

// "plan", "rules" and "planning", as members of an object that is open.
void WritePlan(output::JsonWriter& json, const query::PlanReport& plan, const query::PlanningReport& planning,
               const PlanLook& look);

}  // namespace levee::explain
