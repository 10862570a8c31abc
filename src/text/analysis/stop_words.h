// Words so common in a language that they tell items apart badly.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace levee::text {

// Folded as tokens are, space between them. kInvalidArgument: no such language; the error lists those there are.
Result<std::string_view> StopWordsOf(std::string_view language);

// "danish", "dutch", ..., sorted.
std::vector<std::string> StopWordLanguages();

}  // namespace levee::text
