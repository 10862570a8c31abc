// Tokens as docs/text-search.md promises them. tests/text holds them to SQLite's unicode61 for all of Unicode.
#include "text/analysis/analyzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "text/analysis/characters.h"
#include "text/analysis/stemmer.h"
#include "text/analysis/stop_words.h"

namespace levee::text {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::shared_ptr<const Analyzer> Make(const AnalyzerOptions& options = {}) { return *Analyzer::Make(options); }

std::vector<std::string> Texts(const TokenList& list) {
  std::vector<std::string> texts;
  for (const Token& token : list.tokens()) texts.emplace_back(token.text());
  return texts;
}

std::vector<std::string> TokensOf(std::string_view text, const AnalyzerOptions& options = {}) {
  TokenList list;
  Make(options)->Analyze(text, list);
  return Texts(list);
}

TEST(AnalyzerTest, FoldsCaseAndDiacritics) {
  EXPECT_THAT(TokensOf("Hello, World_2 foo-bar"), ElementsAre("hello", "world", "2", "foo", "bar"));
  EXPECT_THAT(TokensOf("Crème BRÛLÉE Ærø"), ElementsAre("creme", "brulee", "ærø"));
  EXPECT_THAT(TokensOf("Straße ẞ"), ElementsAre("straße", "ß"));
  EXPECT_THAT(TokensOf("ΣΊΣΥΦΟΣ Й"), ElementsAre("σίσυφοσ", "й"));
  EXPECT_THAT(TokensOf(""), ElementsAre());
  EXPECT_THAT(TokensOf(" \t.,"), ElementsAre());
}

TEST(AnalyzerTest, DropsMarksWithinATokenAndStartsNoneWithThem) {
  EXPECT_THAT(TokensOf("cafe\xcc\x81s"), ElementsAre("cafes"));
  EXPECT_THAT(TokensOf("\xcc\x81 a"), ElementsAre("a"));
  EXPECT_THAT(TokensOf("हिन्दी"), ElementsAre("हनद"));
}

TEST(AnalyzerTest, TakesWhatIsNoUtf8AsASeparator) {
  EXPECT_THAT(TokensOf("a\xff" "b\xc3"), ElementsAre("a", "b"));
  EXPECT_THAT(TokensOf("a\xed\xa0\x80" "b"), ElementsAre("a", "b"));
  EXPECT_THAT(TokensOf("a\xf5\x80\x80\x80" "b\xc0\x80" "c"), ElementsAre("a", "b", "c"));
}

TEST(AnalyzerTest, SaysWhereTokensStand) {
  TokenList list;
  const std::string text = "  Über den Wolken, ";
  Make()->Analyze(text, list);
  ASSERT_EQ(list.tokens().size(), 3U);
  const Token& last = list.tokens()[2];
  EXPECT_EQ(last.position, 2U);
  EXPECT_EQ(text.substr(last.begin, last.end - last.begin), "Wolken");
  EXPECT_EQ(text.substr(list.tokens()[0].begin, list.tokens()[0].end - list.tokens()[0].begin), "Über");
}

TEST(AnalyzerTest, CutsAtACharacter) {
  EXPECT_THAT(TokensOf(std::string(100, 'x')), ElementsAre(std::string(64, 'x')));
  std::string text(63, 'x');
  EXPECT_THAT(TokensOf(text + "ßß"), ElementsAre(text));
}

// The quick way for ASCII and the other one say the same, wherever tokens end.
TEST(AnalyzerTest, AsciiIsTakenAsAllElse) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 200, ' ');
    for (char& byte : text) byte = random() % 4 == 0 ? static_cast<char>(random() % 128) : "aZ0 "[random() % 4];
    TokenList quick, slow;
    Make()->Analyze(text, quick);
    Make()->Analyze(text + " é", slow);
    ASSERT_EQ(slow.tokens().size(), quick.tokens().size() + 1);
    for (std::size_t i = 0; i < quick.tokens().size(); ++i) {
      const Token &a = quick.tokens()[i], &b = slow.tokens()[i];
      ASSERT_EQ(a.text(), b.text());
      ASSERT_EQ(a.begin, b.begin);
      ASSERT_EQ(a.end, b.end);
      ASSERT_EQ(a.position, b.position);
    }
  }
}

TEST(AnalyzerTest, LeavesOutStopWordsButCountsThem) {
  TokenList list;
  Make({.stop_words = "english"})->Analyze("The king of France", list);
  EXPECT_THAT(Texts(list), ElementsAre("king", "france"));
  EXPECT_EQ(list.tokens()[1].position, 3U);
  EXPECT_EQ(list.positions(), 4U);
}

TEST(AnalyzerTest, StemsByLanguage) {
  EXPECT_THAT(TokensOf("running orders late mondays", {.stemmer = "english"}),
              ElementsAre("run", "order", "late", "monday"));
  EXPECT_THAT(TokensOf("Häuser", {.stemmer = "german"}), ElementsAre("haus"));
}

TEST(AnalyzerTest, RefusesALanguageThatItDoesNotKnow) {
  const auto stemmer = Analyzer::Make({.stemmer = "klingon"});
  ASSERT_FALSE(stemmer.has_value());
  EXPECT_EQ(stemmer.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(stemmer.error().ToString(), HasSubstr("english"));
  EXPECT_FALSE(Analyzer::Make({.stemmer = "de"}).has_value());  // one name for each language
  const auto words = Analyzer::Make({.stop_words = "klingon"});
  ASSERT_FALSE(words.has_value());
  EXPECT_THAT(words.error().ToString(), HasSubstr("german"));
}

// A stop word that folds otherwise than it is written would never be found.
TEST(AnalyzerTest, StopWordsAreFolded) {
  for (const std::string& language : StopWordLanguages()) {
    const std::string words(*StopWordsOf(language));
    std::string folded;
    for (const std::string& token : TokensOf(words)) folded += (folded.empty() ? "" : " ") + token;
    EXPECT_EQ(folded, words) << language;
  }
}

TEST(CharactersTest, FoldingIsIdempotentAndKeepsTokensTokens) {
  for (std::uint32_t code = 0; code < 0x110000; ++code) {
    if (code >= 0xd800 && code < 0xe000) continue;
    char bytes[4];
    const std::uint32_t size = WriteCharacter(code, bytes);
    const Character read = ReadCharacter({bytes, size});
    ASSERT_EQ(read.code, code);
    ASSERT_EQ(read.bytes, size);
    if (KindOf(code) != CharacterKind::kToken) continue;
    const std::uint32_t folded = FoldOf(code);
    ASSERT_EQ(FoldOf(folded), folded) << code;
    ASSERT_EQ(KindOf(folded), CharacterKind::kToken) << code;
    ASSERT_LE(WriteCharacter(folded, bytes), size == 1 ? 1 : size * 2) << code;
  }
}

}  // namespace
}  // namespace levee::text
