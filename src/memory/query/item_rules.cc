#include "memory/query/item_rules.h"

#include <string_view>
#include <utility>

namespace levee::memory {
namespace {

constexpr std::pair<std::string_view, bool ItemRules::*> kNames[] = {
    {"item_tag_lists", &ItemRules::tag_lists},   {"item_newest_first", &ItemRules::newest_first},
    {"item_index", &ItemRules::index},           {"item_index_only", &ItemRules::index_only},
    {"item_index_order", &ItemRules::index_order}, {"item_column_order", &ItemRules::column_order},
    {"item_filter_first", &ItemRules::filter_first},
};

}  // namespace

ItemRules ItemRulesOf(const query::RuleSet& rules) {
  ItemRules made;
  for (std::size_t i = 0; i < query::Rules().size(); ++i) {
    for (const auto& [name, member] : kNames) {
      if (query::Rules()[i].name == name) made.*member = rules.Has(i);
    }
  }
  return made;
}

}  // namespace levee::memory
