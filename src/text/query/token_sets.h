// The tokens of a part that a prefix or a word with typing errors stands for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/part.h"

namespace levee::text {

struct FoundToken {
  std::string token;
  TokenPlace place;
  int edits = 0;
};

// Those that begin with `prefix`.
Result<std::vector<FoundToken>> TokensOfPrefix(const Part& part, Field field, std::string_view prefix);

// Those within `edits` of `word`, the nearest first.
Result<std::vector<FoundToken>> TokensInReach(const Part& part, Field field, std::string_view word, int edits);

}  // namespace levee::text
