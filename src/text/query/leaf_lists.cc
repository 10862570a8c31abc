#include "text/query/leaf_lists.h"

#include <algorithm>

#include "text/query/phrase.h"

namespace levee::text {
namespace {

bool IsGone(const PartInput& input, std::uint32_t row) { return input.gone != nullptr && input.gone->Get(row); }

CountedList KeepLive(const PartInput& input, const Postings& postings) {
  CountedList kept;
  kept.list.rows.reserve(postings.rows.size());
  kept.list.counts.reserve(postings.rows.size());
  for (std::size_t i = 0; i < postings.rows.size(); ++i) {
    if (IsGone(input, postings.rows[i])) continue;
    kept.list.rows.push_back(static_cast<std::uint16_t>(postings.rows[i]));
    kept.list.counts.push_back(postings.counts[i]);
  }
  kept.documents = kept.list.rows.size();
  return kept;
}

Result<std::uint64_t> CountGone(const PartInput& input, Field field, std::string_view token, const TokenPlace& place) {
  if (input.gone == nullptr) return 0;
  if (input.gone_documents != nullptr) {
    LEVEE_ASSIGN(const std::optional<TokenPlace> found, input.gone_documents->Find(field, token));
    return found ? found->documents : 0;
  }
  Postings postings;
  LEVEE_RETURN_IF_ERROR(input.part->Read(field, place, false, postings));
  return static_cast<std::uint64_t>(
      std::ranges::count_if(postings.rows, [&](std::uint32_t row) { return IsGone(input, row); }));
}

}  // namespace

Result<std::uint64_t> CountLive(const PartInput& input, Field field, std::string_view token, const TokenPlace& place) {
  LEVEE_ASSIGN(const std::uint64_t gone, CountGone(input, field, token, place));
  return place.documents - std::min<std::uint64_t>(gone, place.documents);
}

Result<CountedList> ListOfToken(const PartInput& input, Field field, std::string_view token) {
  LEVEE_ASSIGN(const std::optional<TokenPlace> place, input.part->Find(field, token));
  if (!place) return CountedList{};
  LEVEE_ASSIGN(std::optional<BlockList> blocks, input.part->Blocks(field, *place));
  if (blocks) {
    LEVEE_ASSIGN(const std::uint64_t documents, CountLive(input, field, token, *place));
    CountedList counted{.documents = documents};
    // Where all are gone nothing is to be found.
    if (documents > 0) counted.list.blocks = std::move(blocks);
    return counted;
  }
  Postings postings;
  LEVEE_RETURN_IF_ERROR(input.part->Read(field, *place, false, postings));
  return KeepLive(input, postings);
}

Result<CountedList> ListOfPhrase(const PartInput& input, Field field, std::span<const Leaf::Part> phrase) {
  Postings postings;
  LEVEE_RETURN_IF_ERROR(FindPhrase(*input.part, field, phrase, postings));
  return KeepLive(input, postings);
}

Result<CountedList> ListOfTokens(const PartInput& input, Field field, std::span<const FoundToken> tokens) {
  CountedList sum;
  if (tokens.empty()) return sum;
  std::vector<std::uint32_t> counts(input.part->rows());
  std::vector<std::uint8_t> edits(input.part->rows());
  Bitmap found(input.part->rows());
  Postings postings;
  for (const FoundToken& token : tokens) {
    LEVEE_RETURN_IF_ERROR(input.part->Read(field, token.place, false, postings));
    for (std::size_t i = 0; i < postings.rows.size(); ++i) {
      const std::uint32_t row = postings.rows[i];
      if (counts[row] == 0) edits[row] = static_cast<std::uint8_t>(token.edits);
      counts[row] += postings.counts[i];
      found.Set(row);
    }
  }
  found.ForEach([&](std::size_t row) {
    if (IsGone(input, static_cast<std::uint32_t>(row))) return;
    sum.list.rows.push_back(static_cast<std::uint16_t>(row));
    sum.list.counts.push_back(counts[row]);
    sum.list.edits.push_back(edits[row]);
  });
  sum.documents = sum.list.rows.size();
  return sum;
}

}  // namespace levee::text
