// Input: a byte of options, then a query up to a zero, then a text. What the query finds in it and a few others is the same
// by its best rows and by its matches, and what it is shown with is valid UTF-8.
#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "text/analysis/characters.h"
#include "text/memory_part.h"
#include "text/query/search.h"
#include "text/snippet.h"

using namespace levee;
using namespace levee::text;

namespace {

const std::shared_ptr<const Analyzer>& AnalyzerOf(std::size_t which) {
  static const std::shared_ptr<const Analyzer> analyzers[] = {
      *Analyzer::Make({}), *Analyzer::Make({.stemmer = "english", .stop_words = "english"}),
      *Analyzer::Make({.stemmer = "german", .stop_words = "german"}), *Analyzer::Make({.stemmer = "russian"})};
  return analyzers[which];
}

void RequireValid(std::string_view text) {
  while (!text.empty()) {
    const Character character = ReadCharacter(text);
    FUZZ_REQUIRE(character.code != 0xfffd || character.bytes == 3 || text.substr(0, 3) == "\xef\xbf\xbd");
    text.remove_prefix(character.bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t flags = input.Byte();
  const std::string text = input.Text('\0'), content = input.Rest();
  const auto& analyzer = AnalyzerOf(flags & 3);
  const ParseOptions options{.any_word = (flags & 4) != 0,
                             .typos = {(flags & 8) != 0, (flags >> 4) % 3},
                             .fields = {true, (flags & 128) != 0, false}};
  const auto query = ParseQuery(text, *analyzer, options);
  if (!query) {
    FUZZ_REQUIRE(query.error().detail == "INVALID_QUERY" && query.error().code == ErrorCode::kInvalidArgument);
    return 0;
  }
  FUZZ_REQUIRE(query->leaves.size() <= kLeavesMax);
  const auto part = MemoryPart::Make({.analyzer = analyzer, .fields = {true, true, true}});
  const std::vector<std::string> tags = {content.substr(0, content.size() / 2), "lake"};
  for (const std::string_view other : {std::string_view(content), std::string_view(text), std::string_view("late orders")}) {
    FUZZ_REQUIRE(part->Add({other, tags, "note"}).has_value());
  }
  const auto view = part->Snapshot();
  const PartInput inputs[] = {{.part = view.get()}, {.part = view.get()}};
  const FieldWeights weights = {1, 2, (flags & 64) != 0 ? 0.5 : 0};
  const auto search = Search::Prepare(*query, inputs, weights);
  FUZZ_REQUIRE(search.has_value());
  const auto hits = search->Best(100);
  const auto matches = search->Matches(0);
  FUZZ_REQUIRE(hits.has_value() && matches.has_value());
  FUZZ_REQUIRE(hits->size() == 2 * matches->Count());
  for (const Hit& hit : *hits) {
    FUZZ_REQUIRE(matches->Get(hit.row) && hit.score >= 0);
    FUZZ_REQUIRE(*search->Score(hit.part, hit.row) == hit.score);
  }
  FUZZ_REQUIRE(SuggestQuery(*query, inputs, weights).has_value());
  const auto leaves = SnippetLeavesOf(*query, *search, *search->LeafScores(0, 0));
  RequireValid(MakeSnippet(content, *analyzer, leaves, {.bytes = 1U + flags}));
  return 0;
}
