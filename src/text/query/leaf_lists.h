// The postings of a leaf in a part, whatever kind it is.
#pragma once

#include <span>

#include "text/query/scorer.h"
#include "text/query/search.h"
#include "text/query/token_sets.h"

namespace levee::text {

// A list and how many of its documents are there.
struct CountedList {
  LeafList list;
  std::uint64_t documents = 0;
};

Result<CountedList> ListOfToken(const PartInput& input, Field field, std::string_view token);
Result<CountedList> ListOfPhrase(const PartInput& input, Field field, std::span<const Leaf::Part> phrase);
// Of all tokens together; the nearest come first.
Result<CountedList> ListOfTokens(const PartInput& input, Field field, std::span<const FoundToken> tokens);

// How many of the documents that are there have a token.
Result<std::uint64_t> CountLive(const PartInput& input, Field field, std::string_view token, const TokenPlace& place);

}  // namespace levee::text
