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

struct PlanReport {
  std::string_view name;  // of the operator
  std::string detail;
  Amount estimated, actual;
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
