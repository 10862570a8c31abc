#include "query/planner.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace levee::query {
namespace {

// Each round sees what the one before made possible; more than a few never found anything.
constexpr int kRoundsMax = 4;

#ifdef NDEBUG
constexpr bool kVerify = false;
#else
constexpr bool kVerify = true;
#endif

using Clock = std::chrono::steady_clock;

void Verify(const Status& status, std::string_view rule) {
  if (status) return;
  std::fprintf(stderr, "levee: rule %.*s: %s\n", static_cast<int>(rule.size()), rule.data(),
               status.error().ToString().c_str());
  std::abort();
}

class PredicatePlanner {
 public:
  PredicatePlanner(expr::SkippingNode& predicate, const PredicateFacts& facts, const RuleSet& rules)
      : predicate_(predicate), facts_(facts), rules_(rules) {}

  void Run() {
    Repeat();
    if (RunRound(true)) Repeat();
  }

  // In the rules' order.
  void AddUses(std::vector<RuleUse>& uses) const {
    for (std::size_t i = 0; i < Rules().size(); ++i) {
      if (uses_[i].rounds > 0) uses.push_back({Rules()[i].name, uses_[i].rounds, uses_[i].ns});
    }
  }

 private:
  void Repeat() {
    for (int round = 0; round < kRoundsMax && RunRound(false); ++round) {
    }
  }

  // The rules that run once, or the others.
  bool RunRound(bool once) {
    bool any = false;
    for (std::size_t i = 0; i < Rules().size(); ++i) {
      const Rule& rule = Rules()[i];
      if (rule.on_predicate == nullptr || rule.once != once || !rules_.Has(i)) continue;
      const auto start = Clock::now();
      const bool changed = rule.on_predicate(predicate_, facts_);
      uses_[i].ns += (Clock::now() - start) / std::chrono::nanoseconds(1);
      uses_[i].rounds += changed ? 1 : 0;
      any |= changed;
      if constexpr (kVerify) Verify(VerifyPredicate(predicate_), rule.name);
    }
    return any;
  }

  expr::SkippingNode& predicate_;
  const PredicateFacts& facts_;
  const RuleSet& rules_;
  RuleUse uses_[32];
};

}  // namespace

void PlanPredicate(expr::SkippingNode& predicate, const PredicateFacts& facts, const RuleSet& rules,
                   std::vector<RuleUse>& uses) {
  PredicatePlanner planner(predicate, facts, rules);
  planner.Run();
  planner.AddUses(uses);
}

void PlanQuestion(Plan& plan, const RuleSet& rules, std::vector<RuleUse>* uses) {
  for (std::size_t i = 0; i < Rules().size(); ++i) {
    const Rule& rule = Rules()[i];
    if (rule.on_plan == nullptr || !rules.Has(i)) continue;
    const auto start = uses != nullptr ? Clock::now() : Clock::time_point();
    const bool changed = rule.on_plan(plan);
    if (uses != nullptr && changed) {
      uses->push_back({rule.name, 1, (Clock::now() - start) / std::chrono::nanoseconds(1)});
    }
    if constexpr (kVerify) Verify(VerifyPlan(plan), rule.name);
  }
}

}  // namespace levee::query
