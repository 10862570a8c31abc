// How an answer was found, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace levee::api {

struct ExplainedAnswer {
  std::string_view table;       // of several tables their names
  const catalog::Explanation& explanation;
  std::int64_t files = 0;       // the answer
  std::int64_t all_files = -1;  // of the version
  bool times = false;           // --analyze
  std::vector<std::pair<std::string_view, std::int64_t>> tables = {};  // of several: each with its version
};

// "files of orders at version 3"; names are cut to `width` characters, unless it is 0.
std::string ExplainedQuestion(const ExplainedAnswer& answer, std::size_t width);


// A line for each step.
std::string ExplainText(const ExplainedAnswer& answer);
// {"table", "tables" (when there are several), "version", "predicate", "files", "allFiles", "fromSummary", "fromResults"
// (when it is true), "steps", "plan", "rules", "planning"}: see docs/planner.md.
std::string ExplainJson(const ExplainedAnswer& answer);

}  // namespace levee::api
