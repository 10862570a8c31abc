// The rules by name, and which of them are switched on.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/status.h"
#include "query/rules/rules.h"

namespace levee::query {

// One of `on_predicate` and `on_plan` is set, and none of rules about items.
struct Rule {
  std::string_view name;
  bool (*on_predicate)(expr::SkippingNode& node, const PredicateFacts& facts) = nullptr;
  bool (*on_plan)(Plan& plan) = nullptr;
  bool once = false;  // not repeated with the others until nothing changes
};

// Every rule, in the order in which they run; those on predicates first.
std::span<const Rule> Rules();

// Immutable.
class RuleSet {
 public:
  RuleSet() = default;  // every rule
  // Every rule but those that are named ("name,name"; blanks around names are allowed). kInvalidArgument
  // names what is no rule.
  static Result<RuleSet> Without(std::string_view disabled);

  // `index`: into Rules().
  bool Has(std::size_t index) const { return (disabled_ >> index & 1) == 0; }

 private:
  std::uint32_t disabled_ = 0;
};

}  // namespace levee::query
