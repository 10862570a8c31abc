// Parts a text into folded tokens. The hot loop of indexing.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/analysis/analyzer.h"

namespace levee::text {

// Where tokens are put; what is there is replaced.
struct TokenSpace {
  std::vector<Token>& tokens;
  std::vector<char>& bytes;
  std::vector<std::uint64_t>& letters;  // a bit for each byte that belongs to a token
};

// Token::data points into `bytes`. Positions count from 0.
void Tokenize(std::string_view text, const TokenSpace& out);

}  // namespace levee::text
