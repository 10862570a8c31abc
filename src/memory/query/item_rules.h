// The ways of finding items that can be switched off.
#pragma once

#include "query/rule_set.h"

namespace levee::memory {

// Each by its name in query::Rules(), which the setting `disabled_rules` takes. Answers are the same whatever is off.
struct ItemRules {
  bool tag_lists = true;     // item_tag_lists: the rows of the rarest tag
  bool newest_first = true;  // item_newest_first: a walk from the newest on that ends with the page
  bool index = true;         // item_index: the rows that a custom index names
  bool index_only = true;    // item_index_only: metadata is not read where an index has decided on it
  bool index_order = true;   // item_index_order: a walk in the order of a custom index
  bool column_order = true;  // item_column_order: rows are sorted by columns before the records of the first are read
  bool filter_first = true;  // item_filter_first: of rows that hold the conditions, where they are few, words are looked up
};

ItemRules ItemRulesOf(const query::RuleSet& rules);

}  // namespace levee::memory
