#include "text/snippet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "text/analysis/characters.h"
#include "text/memory_part.h"

namespace levee::text {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string Snippet(const std::string& content, std::string_view words, const SnippetOptions& options = {},
                    const AnalyzerOptions& analyzer_options = {}) {
  const auto analyzer = *Analyzer::Make(analyzer_options);
  const auto part = MemoryPart::Make({.analyzer = analyzer});
  EXPECT_TRUE(part->Add({.content = content}));
  const auto view = part->Snapshot();
  const PartInput input{.part = view.get()};
  const auto query = ParseQuery(words, *analyzer, {});
  const auto search = Search::Prepare(*query, {&input, 1}, kDefaultWeights);
  return MakeSnippet(content, *analyzer, SnippetLeavesOf(*query, *search, *search->LeafScores(0, 0)), options);
}

TEST(SnippetTest, MarksFoundWords) {
  EXPECT_EQ(Snippet("Orders are late on Mondays.", "late orders"), "**Orders** are **late** on Mondays.");
  EXPECT_EQ(Snippet("Orders are late", "nothing"), "Orders are late");
  EXPECT_EQ(Snippet("", "late"), "");
}

TEST(SnippetTest, MarksStemsPrefixesTyposAndPhrases) {
  EXPECT_EQ(Snippet("he runs", "running", {}, {.stemmer = "english"}), "he **runs**");
  EXPECT_EQ(Snippet("an integration", "integ*"), "an **integration**");
  EXPECT_EQ(Snippet("an integration", "integratoin"), "an **integration**");
  EXPECT_EQ(Snippet("late on Mondays, on late", "\"on late\""), "late on Mondays, **on late**");
  EXPECT_EQ(Snippet("the King of France", "\"king of france\"", {}, {.stop_words = "english"}), "the **King of France**");
  EXPECT_EQ(Snippet("Crème brûlée", "creme"), "**Crème** brûlée");
}

TEST(SnippetTest, DoesNotMarkWhatMustNotBeThere) { EXPECT_EQ(Snippet("late lake", "late -lake"), "**late** lake"); }

TEST(SnippetTest, TakesTheBestPart) {
  std::string filler;
  for (int i = 0; i < 100; ++i) filler += "filler ";
  const std::string content = "late " + filler + "orders are late " + filler;
  const std::string snippet = Snippet(content, "late orders", {.bytes = 60});
  EXPECT_THAT(snippet, HasSubstr("**orders** are **late**"));
  EXPECT_THAT(snippet, StartsWith("…filler"));
  EXPECT_THAT(snippet, testing::EndsWith("filler…"));
  EXPECT_LE(snippet.size(), 60 + 8 + 6);
}

TEST(SnippetTest, IsOneLine) { EXPECT_EQ(Snippet("late\n\n\torders  now", "orders"), "late **orders** now"); }

// Whatever the content is, the snippet is valid and about as long as was asked.
TEST(SnippetTest, IsValidUtf8Always) {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string content;
    for (int piece = static_cast<int>(random() % 80); piece > 0; --piece) {
      switch (random() % 6) {
        case 0: content += static_cast<char>(random()); break;
        case 1: content += "日本語"; break;
        case 2: content += "late "; break;
        case 3: content += "größe\n"; break;
        case 4: content += std::string(random() % 90, 'x'); break;
        default: content += "orders "; break;
      }
    }
    const SnippetOptions options{.bytes = 1 + random() % 120};
    const std::string snippet = Snippet(content, "late orders größ*", options);
    for (std::string_view rest = snippet; !rest.empty();) {
      const Character character = ReadCharacter(rest);
      ASSERT_FALSE(character.code == 0xfffd && character.bytes == 1) << snippet;
      rest.remove_prefix(character.bytes);
    }
    // What is no UTF-8 grows threefold, and marks come on top.
    ASSERT_LE(snippet.size(), 3 * std::max<std::size_t>(options.bytes, 100) + 200);
  }
}

}  // namespace
}  // namespace levee::text
