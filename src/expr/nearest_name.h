// Suggestions for a misspelt name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace levee::expr {

// Up to `limit` of the names that are like the wanted one, likest first: by edit distance without
// regard to case (1 below five letters, else 2 or a third of the length), or because one begins with the
// other.
std::vector<std::string> NearestNames(std::string_view wanted, const std::vector<std::string>& names,
                                      std::size_t limit);

}  // namespace levee::expr
