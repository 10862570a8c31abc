// The predicate language: SQL text to a BoundPredicate.
//
// Comparisons (= == <> != < <= > >= <=>), AND OR NOT, IN, NOT IN, BETWEEN, IS [NOT] NULL,
// IS [NOT] TRUE/FALSE, LIKE, NOT LIKE, nested columns a.b, quoted identifiers (`a b`, "a b"),
// literals (numbers, 'text', TRUE, FALSE, NULL, DATE '...', TIMESTAMP '...', TIMESTAMP_NTZ '...',
// INTERVAL n DAY|HOUR|..., CAST(literal AS type)), constant arithmetic, CURRENT_DATE,
// CURRENT_TIMESTAMP, NOW().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/skipping.h"

namespace levee::expr {

// Finds columns by name. Implemented by the catalog (a table's schema at a version) and by the
// memory bank (an item's fields).
class ColumnResolver {
 public:
  virtual ~ColumnResolver() = default;
  // Binds as Delta does: case-insensitively. Empty when there is no such column. A struct, array
  // or map binds too (with its kind); only IS [NOT] NULL may be asked of it.
  virtual std::optional<ColumnRef> Resolve(const std::vector<std::string>& path) const = 0;
  // All names that a user may write, for suggestions.
  virtual std::vector<std::string> Names() const = 0;
};

struct BindOptions {
  std::string timezone = "UTC";  // zone of times without one
  std::int64_t now_micros = 0;   // the statement's time, UTC: CURRENT_TIMESTAMP
  bool as_written = false;       // may_match keeps its AND and OR lists as they were written, for a planner
};

// Parses and binds. Errors (kInvalidArgument, what = "predicate") give the position (1-based
// character) and, for an unknown column, the nearest names. Nesting is limited to 200 levels and
// the text to 1 MB.
Result<BoundPredicate> BindPredicate(std::string_view text, const ColumnResolver& resolver,
                                     const BindOptions& options);

}  // namespace levee::expr
