#include "text/query/phrase.h"

#include <algorithm>
#include <numeric>

namespace levee::text {
namespace {

struct PhraseToken {
  TokenPlace place;
  std::uint32_t offset;
  Postings postings;
  std::vector<std::uint32_t> wanted;     // which of the postings are of rows that have all tokens
  std::vector<std::uint32_t> positions;  // of those
  std::size_t at = 0;                    // in `positions`, as rows go by
};

// Keeps in `rows` those that `token` has too, and notes which of its postings they are.
void Intersect(PhraseToken& token, std::vector<std::uint32_t>& rows) {
  std::size_t kept = 0;
  auto at = token.postings.rows.begin();
  for (const std::uint32_t row : rows) {
    at = std::lower_bound(at, token.postings.rows.end(), row);
    if (at == token.postings.rows.end()) break;
    if (*at == row) rows[kept++] = row;
  }
  rows.resize(kept);
}

void NoteWanted(PhraseToken& token, const std::vector<std::uint32_t>& rows) {
  auto at = token.postings.rows.begin();
  for (const std::uint32_t row : rows) {
    at = std::lower_bound(at, token.postings.rows.end(), row);
    token.wanted.push_back(static_cast<std::uint32_t>(at - token.postings.rows.begin()));
  }
}

// How often all stand in their places in the row that is the `index`-th of those that have all tokens.
std::uint32_t CountIn(std::vector<PhraseToken>& tokens, std::size_t index) {
  std::vector<std::span<const std::uint32_t>> lists;
  for (PhraseToken& token : tokens) {
    const std::uint32_t count = token.postings.counts[token.wanted[index]];
    lists.emplace_back(token.positions.data() + token.at, count);
    token.at += count;
  }
  std::uint32_t found = 0;
  for (const std::uint32_t begin : lists[0]) {
    bool all = true;
    for (std::size_t i = 1; all && i < lists.size(); ++i) {
      all = std::ranges::binary_search(lists[i], begin + tokens[i].offset);
    }
    found += all ? 1 : 0;
  }
  return found;
}

}  // namespace

Status FindPhrase(const Part& part, Field field, std::span<const Leaf::Part> phrase, Postings& out) {
  out.Clear();
  std::vector<PhraseToken> tokens;
  for (const Leaf::Part& wanted : phrase) {
    LEVEE_ASSIGN(const std::optional<TokenPlace> place, part.Find(field, wanted.token));
    if (!place) return {};
    tokens.push_back({.place = *place, .offset = wanted.offset});
  }
  // The rarest first, so that the lists of rows stay short.
  std::vector<std::size_t> order(tokens.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return tokens[i].place.documents; });
  std::vector<std::uint32_t> rows;
  for (const std::size_t i : order) {
    PhraseToken& token = tokens[i];
    LEVEE_RETURN_IF_ERROR(part.Read(field, token.place, false, token.postings));
    if (i == order[0]) {
      rows = token.postings.rows;
    } else {
      Intersect(token, rows);
    }
    if (rows.empty()) return {};
  }
  for (PhraseToken& token : tokens) {
    NoteWanted(token, rows);
    LEVEE_RETURN_IF_ERROR(part.ReadPositions(field, token.place, token.postings, token.wanted, token.positions));
  }
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const std::uint32_t count = CountIn(tokens, index);
    if (count == 0) continue;
    out.rows.push_back(rows[index]);
    out.counts.push_back(count);
  }
  return {};
}

}  // namespace levee::text
