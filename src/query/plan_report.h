// What was expected of a plan and what happened, node by node: for explanations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/planner.h"

namespace levee::query {

// Rows of a table are its files. Empty: not known.
struct Amount {
  std::optional<double> files;
  std::optional<double> bytes;
};

// A way to run a node that was thought of.
struct Alternative {
  std::string name;
  double cost_ns = 0;  // as expected
  bool chosen = false;
};

struct PlanReport {
  std::string_view name;  // of the operator
  std::string detail;
  Amount estimated, actual;
  std::optional<double> corrected_from;   // files as first estimated, before what was learnt of such predicates
  std::vector<Alternative> alternatives;  // empty: there was one way
  std::int64_t ns = 0;  // with what its inputs took
  std::vector<PlanReport> inputs;
};

// How a question came to its plan.
struct PlanningReport {
  std::vector<RuleUse> uses;  // rules that changed something
  bool cached = false;        // the predicate had been planned before
  std::int64_t ns = 0;        // of all rules; of a cached predicate, what they took then
};

// A report with the plan's names and details, its numbers empty.
PlanReport ReportOf(const Plan& plan);

}  // namespace levee::query
