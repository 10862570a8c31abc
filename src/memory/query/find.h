// Answers queries over a view.
#pragma once

#include <cstdint>
#include <vector>

#include "levee/memory.h"
#include "memory/bank/view.h"
#include "memory/query/order.h"
#include "memory/query/row_scan.h"

namespace levee::memory {

// A row that was found.
struct Hit {
  RowRef row;
  double score = 0;
};

// How a part was looked through.
struct PartUse {
  std::string part;
  std::int64_t rows = 0;
  std::string access;
  ScanCount count;
  double expected_examined = 0, expected_matched = 0;
  std::vector<query::Alternative> alternatives;  // ways that were thought of; none: there was one
  std::vector<std::string_view> rules;           // that the way owes itself to
  std::int64_t ns = 0;                           // of looking

  static PartUse Of(const Part& part, const PartWay& way);
  static PartUse OfKeys(const ItemQuery& query);
};

// What a page was made of, for explanations and statistics.
struct FindTrace {
  std::vector<PartUse> parts;  // that were looked at; the others could hold nothing better
  bool by_columns = false;     // rows were put in order by columns before records were read
  std::int64_t examined() const;
};

struct HitPage {
  std::vector<Hit> hits;
  std::string next;
};

// The page that the query asks for, in its order; of queries without words.
Result<HitPage> FindHits(const Asking& asking, const ItemQuery& query, FindTrace& trace);

// Every row that matches, in no order. INVALID_QUERY also of an order that is none.
Result<std::vector<Hit>> FindAllHits(const Asking& asking, const ItemQuery& query, FindTrace& trace);

}  // namespace levee::memory
