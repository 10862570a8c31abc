#include "memory/json/item_parser.h"

#include <gtest/gtest.h>

namespace levee::memory {
namespace {

struct Refusal {
  std::string_view json;
  std::string_view text;  // part of the error's text
};

TEST(ItemParser, ReadsWhatIsThereAndLeavesTheRest) {
  const auto read = ParseItem(R"({"category":"note","content":"x","expectedVersion":0})");
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item, (Item{.category = "note", .content = "x"}));
  EXPECT_EQ(read->expected_version, 0);
}

TEST(ItemParser, ReadsTimesInBothForms) {
  const auto read = ParseItem(R"({"created":"2024-01-31","updated":1706702400250000,"expires":null})");
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item.created, 1'706'659'200'000'000);
  EXPECT_EQ(read->item.updated, 1'706'702'400'250'000);
  EXPECT_EQ(read->item.expires, std::nullopt);
}

TEST(ItemParser, KeepsTheMetadataAsItIsWritten) {
  const auto read = ParseItem("{ \"metadata\" :  {\"b\" :1.50,\n \"a\":\"}\\u00e9\"}  , \"id\":\"\\u0061\\n\"}");
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item.metadata, "{\"b\" :1.50,\n \"a\":\"}\\u00e9\"}");
  EXPECT_EQ(read->item.id, "a\n");
}

TEST(ItemParser, NullIsNothingWhereThereMayBeNothing) {
  const auto read = ParseItem(R"({"id":null,"embedding":null,"embeddingModel":null,"expires":null,"expectedVersion":null})");
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item, Item{});
  EXPECT_EQ(read->expected_version, std::nullopt);
}

TEST(ItemParser, RoundsAFloatOnce) {
  // 1 + 2^-24 lies between two floats, and the digits after it are lost in a double: read twice, it would become 1.
  const auto read = ParseItem(R"({"embedding":[1.000000059604644775390625000001, 1, -0.5e1]})");
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item.embedding, (std::vector<float>{1.00000012F, 1.0F, -5.0F}));
}

TEST(ItemParser, RefusesWithTheMembersName) {
  const Refusal refusals[] = {
      {R"({"size":1})", "member 'size': VALIDATION_ERROR: an item has no such member"},
      {R"({"id":"a","id":"b"})", "member 'id': VALIDATION_ERROR: it is there twice"},
      {R"({"expectedVersion":1,"expectedVersion":1})", "member 'expectedVersion'"},
      {R"({"category":7})", "member 'category': VALIDATION_ERROR: it must be a string"},
      {R"({"content":null})", "member 'content': VALIDATION_ERROR: it must be a string"},
      {R"({"content":"\ud800"})", "member 'content': VALIDATION_ERROR: it has an escape"},
      {R"({"tags":"a"})", "member 'tags': VALIDATION_ERROR: it must be an array of strings"},
      {R"({"tags":["a",1]})", "member 'tags'"},
      {R"({"tags":["a","b","a"]})", "the tag 'a' is there twice"},
      {R"({"metadata":[]})", "member 'metadata': VALIDATION_ERROR: it must be an object"},
      {R"({"metadata":{"a":tru}})", "it is no valid JSON"},
      {R"({"metadata":{"a":123456789012345678901}})", "member 'metadata': VALIDATION_ERROR: it has a number"},
      {R"({"embedding":["a"]})", "member 'embedding'"},
      {R"({"embedding":[1e39]})", "member 'embedding'"},
      {R"({"embedding":[1e999]})", "member 'embedding'"},
      {R"({"version":1.5})", "member 'version': VALIDATION_ERROR: it must be a whole number"},
      {R"({"version":-1})", "member 'version': VALIDATION_ERROR: it must be 0 or more"},
      {R"({"version":9223372036854775808})", "member 'version'"},
      {R"({"vectorClock":{"r":-1}})", "member 'vectorClock'"},
      {R"({"vectorClock":{"r":1,"r":2}})", "the replica 'r' is there twice"},
      {R"({"created":"yesterday"})", "member 'created': VALIDATION_ERROR: 'yesterday' must be a time"},
      {R"({"updated":true})", "member 'updated'"},
      {R"({"updated":1.5})", "member 'updated'"},
      {R"([1])", "it is no JSON object"},
      {R"({"id":"a"} {"id":"b"})", "something follows the JSON object"},
      {R"({"id":"a")", "it is no valid JSON"},
      {R"({"id":"a" "content":"b"})", "it is no valid JSON"},
      {"", "it is no valid JSON"},
      {"{\"id\":\"\xff\"}", "no valid UTF-8"},
  };
  for (const Refusal& refusal : refusals) {
    const auto read = ParseItem(refusal.json);
    ASSERT_FALSE(read.has_value()) << refusal.json;
    EXPECT_EQ(read.error().detail, "VALIDATION_ERROR");
    EXPECT_NE(read.error().ToString().find(refusal.text), std::string::npos) << read.error().ToString() << "\n" << refusal.json;
  }
}

TEST(ItemParser, ReadsOnAfterAGiant) {
  const std::string giant = R"({"content":")" + std::string(20u << 20, 'x') + R"("})";
  EXPECT_EQ(ParseItem(giant)->item.content.size(), 20u << 20);
  EXPECT_EQ(ParseItem(R"({"content":"y"})")->item.content, "y");
}

}  // namespace
}  // namespace levee::memory
