// How the plain bank sorts what it found, and goes on after a page.
#pragma once

#include <string>
#include <vector>

#include "levee/memory.h"

namespace levee::fakes {

// A value that rows are sorted by. Nulls are last in both directions; then booleans, numbers, texts.
struct SortValue {
  enum class Kind { kBoolean, kNumber, kText, kNull } kind = Kind::kNull;
  long double number = 0;
  std::string text;
};

// The words of an order, with what stands behind them: "updated desc, id".
class SortOrder {
 public:
  // INVALID_QUERY.
  static Result<SortOrder> Of(const ItemQuery& query);

  std::vector<SortValue> KeyOf(const Found& found) const;
  // Whether a row of key `left` stands before one of `right`.
  bool Before(const std::vector<SortValue>& left, const std::vector<SortValue>& right) const;

  std::string Cursor(const std::vector<SortValue>& last) const;
  // The key of a cursor; INVALID_QUERY: it is none of this order.
  Result<std::vector<SortValue>> ReadCursor(const std::string& cursor) const;

 private:
  struct Part {
    std::string field;
    bool descending = false;
  };
  std::vector<Part> parts_;
};

}  // namespace levee::fakes
