#include "delta/json_cursor.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

namespace levee::delta {
namespace {

// What another parser reads; empty when it refuses.
std::optional<std::string> ByAnother(const std::string& json) {
  simdjson::dom::parser parser;
  std::string_view text;
  if (parser.parse(json).get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

TEST(JsonCursorTest, TextsAreAsAnotherParserReadsThem) {
  const std::vector<std::string> pieces = {"a", "column", "\\\"", "\\\\", "\\n", "\\u00e9", "\\ud83d\\ude00", "\\ud83d",
                                           "\"", "\\", "\x1f", "\\x", "\xc3\xa9", "sixteen letters.", "\\/", "\\u12"};
  std::mt19937 random(7);
  int valid = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string json = "\"";
    const auto kinds = round % 2 == 0 ? 7 : pieces.size();  // half of them have nothing wrong
    for (int left = static_cast<int>(random() % 40); left > 0; --left) json += pieces[random() % kinds];
    json += '"';
    const auto expected = ByAnother(json);
    JsonCursor cursor(json);
    std::string scratch;
    auto text = cursor.Text(scratch);
    if (!cursor.AtEnd()) text.reset();
    ASSERT_EQ(text.has_value(), expected.has_value()) << json;
    if (text) {
      ASSERT_EQ(*text, *expected) << json;
    }
    valid += text.has_value();
    JsonCursor skipping(json);
    ASSERT_TRUE(!expected || (skipping.SkipString() && skipping.AtEnd())) << json;
  }
  EXPECT_GT(valid, 10'000);
}

TEST(JsonCursorTest, MembersAreReadInPlace) {
  JsonCursor cursor(R"( {"a":"x", "k\u0065y" : [1, "two",{}], "a":{"deep":null}} )");
  std::vector<std::string> seen;
  std::string scratch;
  const bool valid = cursor.Object([&](std::string_view key) {
    seen.emplace_back(key);
    if (cursor.Next() == '[') {
      return cursor.Array([&] {
        seen.emplace_back(*cursor.Raw());
        return true;
      });
    }
    seen.emplace_back(cursor.Next() == '"' ? *cursor.Text(scratch) : *cursor.Raw());
    return true;
  });
  EXPECT_TRUE(valid && cursor.AtEnd());
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "x", "key", "1", "\"two\"", "{}", "a", R"({"deep":null})"}));
}

TEST(JsonCursorTest, AMemberThatSaysNoEndsTheObject) {
  JsonCursor cursor(R"({"a":1,"b":2})");
  int members = 0;
  EXPECT_FALSE(cursor.Object([&](std::string_view) { return ++members, false; }));
  EXPECT_EQ(members, 1);
}

}  // namespace
}  // namespace levee::delta
