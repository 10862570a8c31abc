// How a partition column is computed from another column (`delta.generationExpression`), as far as pruning may
// use it. One rule a file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "types/value.h"

namespace levee::expr {

// A function that keeps the order of values: of a greater one it never makes a lesser one. Immutable.
class GenerationRule {
 public:
  virtual ~GenerationRule() = default;
  // What the expression makes of a value that is not null; empty: unknown, or beyond what keeps the order.
  // Timestamps are read as wall-clock times.
  virtual std::optional<types::Value> Apply(const types::Value& value) const = 0;
  // True when a value that is not null may make a text that Delta keeps as NULL: the empty one.
  virtual bool MayMakeNull() const { return false; }
  // Texts that values above the known range may make sort below this; empty: there are none.
  virtual std::string_view StrayBelow() const { return {}; }
};

struct GenerationTypes {
  types::PrimitiveType source;
  types::PrimitiveType partition;
};

// Null: not for these types.
std::unique_ptr<const GenerationRule> MakeCastDateRule(const GenerationTypes& types);
std::unique_ptr<const GenerationRule> MakeYearRule(const GenerationTypes& types);
std::unique_ptr<const GenerationRule> MakeDateFormatRule(const GenerationTypes& types, std::string_view pattern);
std::unique_ptr<const GenerationRule> MakePrefixRule(const GenerationTypes& types, std::int64_t characters);
std::unique_ptr<const GenerationRule> MakeSameRule(const GenerationTypes& types);

// Microseconds since the epoch of a date or timestamp; empty for other types.
std::optional<std::int64_t> WallMicros(const types::Value& value);

}  // namespace levee::expr
