#include "columnar/like_pattern.h"

#include <gtest/gtest.h>

#include <random>

namespace levee::columnar {
namespace {

// The definition, by recursion; bytes only.
bool Matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (Matches(pattern.substr(1), text.substr(skip))) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  if (pattern[0] == '_') return Matches(pattern.substr(1), text.substr(1));
  if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  return pattern[0] == text[0] && Matches(pattern.substr(1), text.substr(1));
}

TEST(LikePattern, MatchesByDefinition) {
  std::mt19937 random(1);
  for (int i = 0; i < 50'000; ++i) {
    std::string pattern, text;
    for (unsigned n = random() % 7; n > 0; --n) pattern += "ab%_%\\a"[random() % 7];
    for (unsigned n = random() % 8; n > 0; --n) text += "ab%_\\"[random() % 5];
    EXPECT_EQ(LikePattern(pattern).Matches(text), Matches(pattern, text)) << pattern << " on " << text;
  }
}

TEST(LikePattern, CountsCharactersNotBytes) {
  EXPECT_TRUE(LikePattern("_x").Matches("\xc3\xa9x"));
  EXPECT_FALSE(LikePattern("__x").Matches("\xc3\xa9x"));
}

TEST(LikePattern, KnowsItsPrefix) {
  EXPECT_EQ(LikePattern("ab\\%c%d").prefix(), "ab%c");
  EXPECT_TRUE(LikePattern("ab%").is_prefix_only());
  EXPECT_TRUE(LikePattern("ab%%").is_prefix_only());
  EXPECT_TRUE(LikePattern("%").is_prefix_only());
  EXPECT_FALSE(LikePattern("ab%c").is_prefix_only());
  EXPECT_FALSE(LikePattern("ab_").is_prefix_only());
  EXPECT_TRUE(LikePattern("a\\_b").is_exact());
  EXPECT_TRUE(LikePattern("").is_exact());
  EXPECT_FALSE(LikePattern("a%").is_exact());
}

TEST(LikePattern, ManyWildcardsStayQuick) {
  std::string pattern, text(5'000, 'a');
  for (int i = 0; i < 100; ++i) pattern += "%a";
  EXPECT_FALSE(LikePattern(pattern + "b").Matches(text));
}

}  // namespace
}  // namespace levee::columnar
