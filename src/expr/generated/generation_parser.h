// The text of a generation expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace levee::expr {

enum class GenerationKind : unsigned char { kSame, kCastDate, kYear, kDateFormat, kPrefix };

struct GenerationExpression {
  GenerationKind kind = GenerationKind::kSame;
  std::vector<std::string> source;  // logical path of the column
  std::string pattern;              // kDateFormat
  std::int64_t characters = 0;      // kPrefix
};

// Empty for every form that is not listed.
std::optional<GenerationExpression> ParseGeneration(std::string_view text);

}  // namespace levee::expr
