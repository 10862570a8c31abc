// "Did you mean": unknown words replaced by the nearest known ones.
#include <algorithm>
#include <map>

#include "text/analysis/characters.h"
#include "text/query/leaf_lists.h"
#include "text/query/search.h"

namespace levee::text {
namespace {

// More than a search bears by itself: here a person decides.
int EditsOfSuggestion(std::size_t letters) { return letters >= 5 ? 2 : letters >= 3 ? 1 : 0; }

struct Candidate {
  int edits = 0;
  std::uint64_t documents = 0;
};
using Candidates = std::map<std::string, Candidate>;

Status AddCandidates(const PartInput& input, Field field, std::string_view word, int edits, Candidates& out) {
  LEVEE_ASSIGN(const std::vector<FoundToken> found, TokensInReach(*input.part, field, word, edits));
  for (const FoundToken& token : found) {
    LEVEE_ASSIGN(const std::uint64_t documents, CountLive(input, field, token.token, token.place));
    if (documents == 0) continue;
    Candidate& candidate = out[token.token];
    candidate.edits = token.edits;
    candidate.documents += documents;
  }
  return {};
}

bool IsAsked(const Leaf& leaf, const PartInput& input, Field field, const FieldWeights& weights) {
  const auto place = static_cast<std::size_t>(field);
  return leaf.fields[place] && weights[place] > 0 && input.part->has(field);
}

Result<bool> IsKnown(const Leaf& leaf, std::span<const PartInput> parts, const FieldWeights& weights) {
  for (const Field field : kAllFields) {
    for (const PartInput& input : parts) {
      if (!IsAsked(leaf, input, field, weights)) continue;
      LEVEE_ASSIGN(const std::optional<TokenPlace> place, input.part->Find(field, leaf.token()));
      if (!place) continue;
      LEVEE_ASSIGN(const std::uint64_t documents, CountLive(input, field, leaf.token(), *place));
      if (documents > 0) return true;
    }
  }
  return false;
}

// Fewest edits, then most documents, then the alphabet. Empty: there is none, or the word itself is known.
Result<std::string> SuggestWord(const Leaf& leaf, std::span<const PartInput> parts, const FieldWeights& weights) {
  // Most words are, and looking them up costs nothing beside walking the dictionary.
  LEVEE_ASSIGN(const bool known, IsKnown(leaf, parts, weights));
  if (known) return std::string();
  const std::string& word = leaf.token();
  const int edits = EditsOfSuggestion(CountCharacters(word));
  Candidates candidates;
  for (const Field field : kAllFields) {
    for (const PartInput& input : parts) {
      if (!IsAsked(leaf, input, field, weights)) continue;
      LEVEE_RETURN_IF_ERROR(AddCandidates(input, field, word, edits, candidates));
    }
  }
  const auto best = std::ranges::min_element(candidates, [](const auto& a, const auto& b) {
    if (a.second.edits != b.second.edits) return a.second.edits < b.second.edits;
    return a.second.documents > b.second.documents;  // the map is in the order of the alphabet
  });
  return best == candidates.end() ? std::string() : best->first;
}

}  // namespace

Result<std::string> SuggestQuery(const Query& query, std::span<const PartInput> parts, const FieldWeights& weights) {
  std::string text;
  std::size_t taken = 0;
  for (const Leaf& leaf : query.leaves) {
    if (leaf.kind != LeafKind::kToken || !leaf.scores) continue;
    LEVEE_ASSIGN(const std::string word, SuggestWord(leaf, parts, weights));
    if (word.empty()) continue;
    text.append(query.text, taken, leaf.begin - taken).append(word);
    taken = leaf.end;
  }
  if (taken == 0) return std::string();
  return text.append(query.text, taken);
}

}  // namespace levee::text
