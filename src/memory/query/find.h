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

struct PartUse {
  std::string part;
  std::int64_t rows = 0;
  std::string_view access;
  ScanCount count;
};

// What a page was made of, for explanations and statistics.
struct FindTrace {
  std::vector<PartUse> parts;  // that were looked at; the others could hold nothing better
  std::int64_t examined() const;
};

struct HitPage {
  std::vector<Hit> hits;
  std::string next;
};

// The page that the query asks for, in its order; of queries without words. `now` in microseconds since the epoch.
Result<HitPage> FindHits(const View& view, const ItemQuery& query, std::int64_t now, FindTrace& trace);

// Every row that matches, in no order.
Result<std::vector<Hit>> FindAllHits(const View& view, const ItemQuery& query, std::int64_t now, FindTrace& trace);

}  // namespace levee::memory
