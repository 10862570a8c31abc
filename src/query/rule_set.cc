#include "query/rule_set.h"

#include <string>

namespace levee::query {
namespace {

constexpr Rule kRules[] = {
    {.name = "constant_folding", .on_predicate = FoldConstants},
    {.name = "simplification", .on_predicate = Simplify},
    {.name = "contradiction", .on_predicate = FindContradictions},
    {.name = "common_subexpressions", .on_predicate = FactorCommonParts},
    {.name = "partition_pruning", .on_predicate = PrunePartitions, .once = true},
    {.name = "needless_order", .on_plan = DropNeedlessOrder},
    {.name = "union_pushdown", .on_plan = PushIntoUnions},
    {.name = "predicate_pushdown", .on_plan = PushPredicates},
    {.name = "empty_result", .on_plan = DropEmptyParts},
    {.name = "limit_pushdown", .on_plan = PushLimits},
    {.name = "top_k", .on_plan = KeepTopRows},
    {.name = "top_k_bounds", .on_plan = LookWithinBounds},
    {.name = "path_lookup", .on_plan = LookUpTexts},
    {.name = "projection_pruning", .on_plan = PruneProjections},
    {.name = "answer_from_summary", .on_plan = AnswerFromSummary},
    // Of items in the memory bank, whose questions have ways instead of operators: memory/query/item_rules.h.
    {.name = "item_tag_lists"},
    {.name = "item_newest_first"},
    {.name = "item_index"},
    {.name = "item_index_only"},
    {.name = "item_index_order"},
    {.name = "item_column_order"},
    {.name = "item_filter_first"},
};
static_assert(std::size(kRules) <= 32);

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string AllNames() {
  std::string names;
  for (const Rule& rule : kRules) names += (names.empty() ? "" : ", ") + std::string(rule.name);
  return names;
}

}  // namespace

std::span<const Rule> Rules() { return kRules; }

Result<RuleSet> RuleSet::Without(std::string_view disabled) {
  RuleSet rules;
  while (!disabled.empty()) {
    const std::size_t comma = disabled.find(',');
    const std::string_view name = Trimmed(disabled.substr(0, comma));
    disabled.remove_prefix(comma == std::string_view::npos ? disabled.size() : comma + 1);
    if (name.empty()) continue;
    std::size_t index = 0;
    while (index < std::size(kRules) && kRules[index].name != name) ++index;
    if (index == std::size(kRules)) {
      return Fail(ErrorCode::kInvalidArgument, "disabled_rules",
                  "there is no rule '" + std::string(name) + "'", "one of " + AllNames());
    }
    rules.disabled_ |= 1U << index;
  }
  return rules;
}

}  // namespace levee::query
