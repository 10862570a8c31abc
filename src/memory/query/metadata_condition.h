// Conditions on metadata: SQL over JSON paths.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "memory/query/value_range.h"

namespace levee::memory {

// The predicate language of expr, but for the columns: "a.b" is the member b of the member a, "`a.b`" the member a.b, case
// matters. What is missing or null is NULL; comparing values of two kinds, or an array or object, gives NULL; the condition
// holds where it is TRUE. Immutable, thread-safe.
class MetadataCondition {
 public:
  // INVALID_QUERY with the position. `now`: what CURRENT_TIMESTAMP is, in microseconds.
  static Result<std::unique_ptr<const MetadataCondition>> Parse(std::string_view text, std::int64_t now);
  ~MetadataCondition();
  MetadataCondition(const MetadataCondition&) = delete;
  MetadataCondition& operator=(const MetadataCondition&) = delete;

  bool Holds(simdjson::dom::element metadata) const;
  // What it says of single paths: for indexes.
  const ConditionRanges& ranges() const;

 private:
  struct Parsed;
  explicit MetadataCondition(std::unique_ptr<const Parsed> parsed);
  const std::unique_ptr<const Parsed> parsed_;
};

}  // namespace levee::memory
