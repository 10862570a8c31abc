// One value of a statistics object (`minValues`, `maxValues`, `nullCount`) from its JSON token.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "types/data_type.h"

namespace levee::delta {

enum class StatsFit : std::uint8_t {
  kTyped,             // the typed value says all that the token says
  kTypedAndSpelling,  // typed, but rendering it would not give the token's JSON value back
  kNone,              // no value of that type
};

// The field of the three that the type's physical form uses. `text` views the token or the arena. Filled
// in place, never copied: a copy of a struct that was just written in pieces stalls.
struct StatsValue {
  StatsFit fit = StatsFit::kNone;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;
};

// Holds texts that are not part of any token (escapes undone, wide decimals) as long as a row is built.
using TextArena = std::deque<std::string>;

// Fills `value` from `token`, a valid JSON token. Timestamps that denote the same instant count as the same
// value, however they are spelt; numbers count as the same when they are equal.
void ParseStatsValue(std::string_view token, const types::PrimitiveType& type, TextArena& arena,
                     StatsValue& value);

// The JSON token of a typed value; the reverse of ParseStatsValue for what fits.
void AppendStatsInteger(std::string& json, std::int64_t value, types::PrimitiveType type);
void AppendStatsDouble(std::string& json, double value, types::PrimitiveType type);
void AppendStatsText(std::string& json, std::string_view value, types::PrimitiveType type);

}  // namespace levee::delta
