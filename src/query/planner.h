// Runs the rules over predicates and plans.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "query/plan.h"
#include "query/rule_set.h"

namespace levee::query {

// A rule that changed something.
struct RuleUse {
  std::string_view rule;
  int rounds = 0;       // in which it changed something
  std::int64_t ns = 0;  // of all its rounds
};

// The rules on predicates, until nothing changes. Adds to `uses`. In builds with assertions a rule that
// leaves a malformed predicate aborts the process with its name.
void PlanPredicate(expr::SkippingNode& predicate, const PredicateFacts& facts, const RuleSet& rules,
                   std::vector<RuleUse>& uses);

// The rules on plans, each once. `uses` may be null: then nothing is timed.
void PlanQuestion(Plan& plan, const RuleSet& rules, std::vector<RuleUse>* uses);

}  // namespace levee::query
