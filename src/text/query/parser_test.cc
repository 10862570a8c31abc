// The language of docs/text-search.md#queries, as trees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/query/query.h"

namespace levee::text {
namespace {

using testing::HasSubstr;

std::string Show(const Query& query, const Leaf& leaf) {
  std::string text;
  for (std::size_t i = 0; i < kFields; ++i) {
    if (leaf.fields[i] && i > 0) text += std::string(kFieldNames[i]) + ":";
  }
  for (std::size_t i = 0; i < leaf.tokens.size(); ++i) {
    if (i > 0) text += "_" + (leaf.tokens[i].offset > i ? std::to_string(leaf.tokens[i].offset) + "_" : "");
    text += leaf.tokens[i].token;
  }
  if (leaf.kind == LeafKind::kPrefix) text += '*';
  if (leaf.typos.edits > 0 && !leaf.typos.unknown_only) text += "~" + std::to_string(leaf.typos.edits);
  if (!leaf.scores) text += '!';
  static_cast<void>(query);
  return text;
}

std::string Show(const Query& query, const Node& node) {
  switch (node.kind) {
    case NodeKind::kNothing: return "nothing";
    case NodeKind::kLeaf: return Show(query, query.leaves[node.leaf]);
    case NodeKind::kNot: return "not " + Show(query, node.children[0]);
    default: break;
  }
  std::string text = "(";
  for (const Node& child : node.children) {
    if (text.size() > 1) text += node.kind == NodeKind::kAnd ? " & " : " | ";
    text += Show(query, child);
  }
  return text + ")";
}

std::string Parsed(std::string_view text, bool any_word = true, const AnalyzerOptions& analyzer = {}) {
  const auto query = ParseQuery(text, **Analyzer::Make(analyzer), {.any_word = any_word});
  return query ? Show(*query, query->root) : query.error().ToString();
}

TEST(QueryParserTest, WordsSideBySide) {
  EXPECT_EQ(Parsed("late Orders"), "(late | orders)");
  EXPECT_EQ(Parsed("late Orders", false), "(late & orders)");
  EXPECT_EQ(Parsed("late slow AND orders OR none"), "(((late | slow) & orders) | none)");
  EXPECT_EQ(Parsed("a OR b OR c"), "(a | b | c)");
  EXPECT_EQ(Parsed("and or not"), "(and | or | not)");
}

TEST(QueryParserTest, Operators) {
  EXPECT_EQ(Parsed("a AND NOT b"), "(a & not b!)");
  EXPECT_EQ(Parsed("a -b"), "(a & not b!)");
  EXPECT_EQ(Parsed("a OR NOT b"), "(a | not b!)");
  EXPECT_EQ(Parsed("+a b -c"), "(a & not c!)");
  EXPECT_EQ(Parsed("+a +b c"), "(a & b)");
  EXPECT_EQ(Parsed("+a b", false), "(a & b)");
  EXPECT_EQ(Parsed("(a b) -(c d)"), "((a | b) & not (c! | d!))");
  EXPECT_EQ(Parsed("a NOT NOT b"), "(a & not not b!)");
}

TEST(QueryParserTest, MayAddsToTheScoreAlone) {
  const auto query = ParseQuery("+a b -c", **Analyzer::Make({}), {});
  ASSERT_TRUE(query);
  ASSERT_EQ(query->leaves.size(), 3U);
  EXPECT_EQ(query->leaves[1].token(), "b");
  EXPECT_TRUE(query->leaves[1].scores);
  EXPECT_FALSE(query->leaves[2].scores);
}

TEST(QueryParserTest, PhrasesPrefixesTyposFields) {
  EXPECT_EQ(Parsed("\"late on Mondays\""), "late_on_mondays");
  EXPECT_EQ(Parsed("foo-bar"), "foo_bar");
  EXPECT_EQ(Parsed("http://x"), "http_x");
  EXPECT_EQ(Parsed("ord*"), "ord*");
  EXPECT_EQ(Parsed("word~ other~1 third~0"), "(word~2 | other~1 | third)");
  EXPECT_EQ(Parsed("tags:lake category:(note OR task)"), "(tags:lake | category:note | category:task)");
  EXPECT_EQ(Parsed("content:\"a b\""), "a_b");
  EXPECT_EQ(Parsed("tags: x"), "(tags | x)");
  EXPECT_EQ(Parsed("tags:(a category:b)"), "(tags:a | category:b)");
  EXPECT_EQ(Parsed("tags:-a b"), "(not tags:a! | b)");
  // A phrase keeps the places of its stop words.
  EXPECT_EQ(Parsed("\"king of France\"", true, {.stop_words = "english"}), "king_2_france");
}

TEST(QueryParserTest, PunctuationIsNoOperator) {
  EXPECT_EQ(Parsed("a - b + c"), "(a | b | c)");
  EXPECT_EQ(Parsed("--verbose c++"), "(verbose | c)");
  EXPECT_EQ(Parsed("* a"), "a");
}

TEST(QueryParserTest, WhatVanishesIsAsIfNotWritten) {
  EXPECT_EQ(Parsed(""), "nothing");
  EXPECT_EQ(Parsed("... !"), "nothing");
  EXPECT_EQ(Parsed("a AND ..."), "a");
  EXPECT_EQ(Parsed("the -draft", true, {.stop_words = "english"}), "nothing");
  EXPECT_EQ(Parsed("+the king lion", true, {.stop_words = "english"}), "(king | lion)");
}

TEST(QueryParserTest, RefusesWithThePlace) {
  const auto refused = [](std::string_view text, std::size_t at, std::string_view why) {
    const auto query = ParseQuery(text, **Analyzer::Make({}), {});
    ASSERT_FALSE(query.has_value()) << text;
    EXPECT_EQ(query.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(query.error().detail, "INVALID_QUERY");
    EXPECT_THAT(query.error().why, HasSubstr("byte " + std::to_string(at) + ": ")) << text;
    EXPECT_THAT(query.error().why, HasSubstr(std::string(why))) << text;
  };
  refused("a \"b", 2, "quote is not closed");
  refused("(a b", 0, "parenthesis is not closed");
  refused("a b)", 3, "closes none");
  refused("a ()", 3, "missing before this");
  refused("a AND", 5, "missing at the end");
  refused("OR a", 0, "missing before this");
  refused("a AND OR b", 6, "missing before this");
  refused("a NOT", 2, "nothing follows this operator");
  refused("a NOT NOT", 6, "nothing follows this operator");
  refused("-a", 0, "only what must not be there");
  refused("NOT NOT a", 0, "only what must not be there");
  refused("-a OR -b", 0, "only what must not be there");
  refused("b a*", 2, "at least two characters");
  refused("b x-y*", 2, "beginning of one word");
  refused("b x-y~1", 2, "those of one word");
  refused("late~3", 4, "are 0, 1 or 2");
  refused(std::string(65, '(') + "a" + std::string(65, ')'), 64, "too deep");
  std::string words;
  for (int i = 0; i < 257; ++i) words += "w ";
  refused(words, 512, "more than 256 words");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "NOT ";
  refused("a " + deep + "b", 258, "too deep");
  deep.clear();
  for (int i = 0; i < 100; ++i) deep += "tags:";
  refused(deep + "b", 320, "too deep");
}

TEST(QueryParserTest, TakesAsManyAsThereMayBe) {
  std::string words;
  for (int i = 0; i < 256; ++i) words += "w ";
  EXPECT_TRUE(ParseQuery(words, **Analyzer::Make({}), {}));
  EXPECT_EQ(Parsed(std::string(64, '(') + "a" + std::string(64, ')')), "a");
}

}  // namespace
}  // namespace levee::text
