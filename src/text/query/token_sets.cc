#include "text/query/token_sets.h"

#include <algorithm>

#include "text/query/edit_distance.h"

namespace levee::text {

Result<std::vector<FoundToken>> TokensOfPrefix(const Part& part, Field field, std::string_view prefix) {
  std::vector<FoundToken> found;
  const auto tokens = part.Tokens(field, prefix);
  while (tokens->Next() && tokens->token().starts_with(prefix)) {
    found.push_back({std::string(tokens->token()), tokens->place()});
  }
  LEVEE_RETURN_IF_ERROR(tokens->status());
  return found;
}

Result<std::vector<FoundToken>> TokensInReach(const Part& part, Field field, std::string_view word, int edits) {
  std::vector<FoundToken> found;
  EditDistance distance(word, edits);
  const auto tokens = part.Tokens(field, "");
  while (tokens->Next()) {
    const int away = distance.Measure(tokens->token());
    if (away <= edits) found.push_back({std::string(tokens->token()), tokens->place(), away});
    // What begins so is too far whatever follows.
    if (distance.dead_bytes() > 0) tokens->SkipPrefix(distance.dead_bytes());
  }
  LEVEE_RETURN_IF_ERROR(tokens->status());
  std::ranges::stable_sort(found, {}, &FoundToken::edits);
  return found;
}

}  // namespace levee::text
