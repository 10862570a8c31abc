// Conditions on metadata, evaluated plainly: the oracle of ItemQuery::metadata.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "levee/status.h"
#include "tests/fakes/plain_bank/json.h"

namespace levee::fakes {

// SQL over JSON paths: comparisons, AND OR NOT, IN, BETWEEN, LIKE, IS [NOT] NULL. Three-valued: what is
// missing or null is unknown, and so is a comparison of two JSON types, or with an array or object.
class Condition {
 public:
  virtual ~Condition() = default;
  // Nothing: unknown.
  virtual std::optional<bool> Holds(const Json& metadata) const = 0;
};

// Less than 0, 0, more than 0; nothing where the two do not compare. Either may be null.
std::optional<int> CompareJson(const Json* left, const Json* right);

// INVALID_QUERY.
Result<std::unique_ptr<Condition>> ParseCondition(std::string_view text);

}  // namespace levee::fakes
