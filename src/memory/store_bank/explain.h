// How a query of items was answered, in the look that plans of tables have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "memory/query/find.h"

namespace levee::memory {

// An answer; all of it outlives the explanation.
struct FoundAnswer {
  const ItemQuery& query;
  std::string_view bank;        // its address
  std::int64_t items = 0;       // of the page
  std::int64_t all_items = 0;   // of the bank
  const FindTrace& trace;
  std::int64_t ns = 0;          // of everything
  bool times = false;           // --analyze
};

// Text: a line a node. JSON: {"bank", "query", "order", "items", "allItems", "plan", "rules", "planning"}, the last three
// as docs/planner.md has them. SVG: one file.
std::string ExplainFound(const FoundAnswer& answer, ExplainFormat format);

}  // namespace levee::memory
