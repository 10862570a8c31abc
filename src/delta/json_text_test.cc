#include "delta/json_text.h"

#include <gtest/gtest.h>

namespace levee::delta {
namespace {

TEST(JsonTextTest, SplitsAnObjectKeepingTheSpelling) {
  const auto members = JsonObjectMembers(R"( {"a" : 1.50, "b\n":{"x":[1, 2]},"a":"\u00e9"} )");
  ASSERT_TRUE(members);
  ASSERT_EQ(members->size(), 3u);
  EXPECT_EQ((*members)[0].value, "1.50");
  EXPECT_EQ((*members)[1].key, "b\n");
  EXPECT_EQ((*members)[1].value, R"({"x":[1, 2]})");
  EXPECT_EQ((*members)[2].key, "a");
  EXPECT_EQ(JsonObjectMembers("{}")->size(), 0u);
  EXPECT_EQ(JsonArrayElements("[1, [2] ,\"]\"]")->size(), 3u);
  EXPECT_EQ(JsonArrayElements(" [ ] ")->size(), 0u);
}

TEST(JsonTextTest, RefusesWhatIsNoJson) {
  for (const char* const text : {"",
                                 "{",
                                 "}",
                                 "{]",
                                 "[}",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{\"a\":01}",
                                 "{\"a\":1.}",
                                 "{\"a\":.5}",
                                 "{\"a\":+1}",
                                 "{\"a\":1e}",
                                 "{\"a\":nul}",
                                 "{\"a\":\"x}",
                                 "{\"a\":\"\\x\"}",
                                 "{\"a\":\"\\u12g4\"}",
                                 "{\"a\":1} x",
                                 "{\"a\":\"\n\"}",
                                 "{1:2}",
                                 "[1]",
                                 "null",
                                 "{\"a\":1 \"b\":2}"}) {
    EXPECT_FALSE(JsonObjectMembers(text)) << text;
  }
  for (const char* const text : {"", "[", "[1,]", "[1 2]", "{}", "[1]]"})
    EXPECT_FALSE(JsonArrayElements(text)) << text;
}

TEST(JsonTextTest, NestingHasALimit) {
  const auto nested = [](int depth) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  EXPECT_TRUE(JsonObjectMembers(nested(kJsonDepthMax - 1)));
  EXPECT_FALSE(JsonObjectMembers(nested(kJsonDepthMax + 1)));
  EXPECT_FALSE(JsonObjectMembers(nested(1'000'000)));
}

TEST(JsonTextTest, StringsUndoEscapes) {
  EXPECT_EQ(JsonString(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(JsonString(R"("\u00e9\ud83d\ude00")"), "\u00e9\U0001F600");
  for (const char* const text :
       {"", "x", "\"", "\"\\ud83d\"", "\"\\ude00x\"", "\"\\ud83d\\u0041\"", "\"a\"b\"", "1"}) {
    EXPECT_FALSE(JsonString(text)) << text;
  }
}

TEST(JsonTextTest, StringsComeBack) {
  std::string all;
  for (int c = 0; c < 128; ++c) all.push_back(static_cast<char>(c));
  all += "\u00e9\U0001F600";
  std::string json;
  AppendJsonString(json, all);
  EXPECT_EQ(JsonString(json), all);
}

TEST(JsonTextTest, Integers) {
  EXPECT_EQ(JsonInteger("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(JsonInteger("0"), 0);
  for (const char* const text : {"9223372036854775808", "1.0", "1e3", "\"1\"", "", "01", " 1", "true"}) {
    EXPECT_FALSE(JsonInteger(text)) << text;
  }
}

}  // namespace
}  // namespace levee::delta
