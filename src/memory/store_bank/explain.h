// How a query of items was answered, as text, JSON or a picture.
#pragma once

#include <cstdint>
#include <string>

#include "memory/query/find.h"

namespace levee::memory {

// `duration_ns` below 0: is not told.
std::string ExplainText(const ItemQuery& query, const ItemPage& page, const FindTrace& trace, std::int64_t duration_ns);
// {"order", "limit", "items", "parts": [{"part", "access", "rows", "examined", "records", "matched"}], "ns"}
std::string ExplainJson(const ItemQuery& query, const ItemPage& page, const FindTrace& trace, std::int64_t duration_ns);

// A bar for each part, as long as its rows, filled as far as they were examined; follows light and dark.
std::string ExplainSvg(const ItemQuery& query, const ItemPage& page, const FindTrace& trace, std::int64_t duration_ns);

}  // namespace levee::memory
