// How an answer was found, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace levee::api {

struct ExplainedAnswer {
  std::string_view table;
  const catalog::Explanation& explanation;
  std::int64_t files = 0;       // the answer
  std::int64_t all_files = -1;  // of the version
  bool times = false;           // --analyze
};

// A line for each step.
std::string ExplainText(const ExplainedAnswer& answer);
// {"table", "version", "predicate", "files", "allFiles", "fromSummary", "fromResults" (when it is true), "steps",
// "plan", "rules", "planning"}: see docs/planner.md.
std::string ExplainJson(const ExplainedAnswer& answer);

}  // namespace levee::api
