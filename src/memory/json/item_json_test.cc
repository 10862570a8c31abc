#include "memory/json/item_json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "memory/json/item_parser.h"

namespace levee::memory {
namespace {

Item Full() {
  return {.id = "a1", .name_space = "team/x", .category = "note", .content = "two\nlines \"quoted\" \\ \t\x01 \xc3\xa9",
          .tags = {"lake", "late orders"}, .metadata = R"({ "a" : {"b":[1, 2.50]}, "c":null})", .embedding = {0.1F, -2.5e-8F},
          .embedding_model = "m", .version = 3, .vector_clock = {{"r1", 3}, {"r2", 18'446'744'073'709'551'615U}},
          .created = 1'706'702'400'000'000, .updated = 1'706'702'400'250'000, .expires = 1'706'702'400'000'001,
          .checksum = "0123456789abcdef"};
}

// What Python's json.dumps makes of the same values, but for the metadata, which stays as it was written.
TEST(ItemJson, WritesEveryMember) {
  EXPECT_EQ(ItemJson(Full()),
            R"({"id":"a1","namespace":"team/x","category":"note","content":"two\nlines \"quoted\" \\ \t\u0001 é",)"
            R"("tags":["lake","late orders"],"metadata":{ "a" : {"b":[1, 2.50]}, "c":null},"embedding":[0.1,-2.5e-08],)"
            R"("embeddingModel":"m","version":3,"vectorClock":{"r1":3,"r2":18446744073709551615},)"
            R"("created":"2024-01-31T12:00:00Z","updated":"2024-01-31T12:00:00.250Z",)"
            R"("expires":"2024-01-31T12:00:00.000001Z","checksum":"0123456789abcdef"})");
}

TEST(ItemJson, IsReadBackTheSame) {
  const auto read = ParseItem(ItemJson(Full()));
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item, Full());
  EXPECT_EQ(read->expected_version, std::nullopt);
}

TEST(ItemJson, EveryFloatIsReadBackTheSame) {
  std::mt19937 random(11);
  Item item = Full();
  item.embedding.clear();
  while (item.embedding.size() < 20'000) {
    if (const auto number = std::bit_cast<float>(static_cast<std::uint32_t>(random())); std::isfinite(number)) {
      item.embedding.push_back(number);
    }
  }
  const auto read = ParseItem(ItemJson(item));
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item.embedding, item.embedding);
}

TEST(ItemJson, WritesTheFieldsThatWereAskedFor) {
  const Item item{.id = "a", .category = "c", .content = "x"};
  const auto fields = ItemFields::Parse("expires,id,embedding,tags");
  ASSERT_TRUE(fields.has_value());
  EXPECT_EQ(ItemJson(item, *fields), R"({"id":"a","tags":[],"embedding":null,"expires":null})");
  EXPECT_EQ(ItemJson(Full(), ItemFields::WithoutEmbedding()).find("embedding"), std::string::npos);
}

TEST(ItemJson, RefusesAnUnknownField) {
  const auto fields = ItemFields::Parse("id,size");
  ASSERT_FALSE(fields.has_value());
  EXPECT_EQ(fields.error().detail, "VALIDATION_ERROR");
  EXPECT_EQ(fields.error().what, "field 'size'");
  EXPECT_FALSE(ItemFields::Parse("").has_value());
}

TEST(ItemJson, WritesWhatWasFoundAndWhatBecameOfAWrite) {
  const auto fields = *ItemFields::Parse("id");
  std::string json;
  AppendFoundJson(json, {.item = Full(), .score = 1.5, .snippet = "a <b>", .why = "words: a"}, fields);
  EXPECT_EQ(json, R"({"id":"a1","score":1.5,"snippet":"a <b>","why":"words: a"})");
  json.clear();
  AppendVersionJson(json, {.item = Full(), .written = 0, .author = "me", .operation = "store"}, fields);
  EXPECT_EQ(json, R"({"operation":"store","author":"me","written":"1970-01-01T00:00:00Z","id":"a1"})");
  json.clear();
  AppendWrittenJson(json, {.outcome = Written::Outcome::kNotFound, .id = "a", .version = 0});
  EXPECT_EQ(json, R"({"id":"a","outcome":"not-found","version":0})");
}

}  // namespace
}  // namespace levee::memory
