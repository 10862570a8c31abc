#include <gmock/gmock.h>

#include "tests/memory_exchange/exchange_test_bed.h"

namespace levee::memory {
namespace {

using testing::HasSubstr;

// As the reference server writes it: entities, then relations, members in this order.
constexpr const char* kGraph =
    R"({"type":"entity","name":"Anna","entityType":"person","observations":["likes tea","two\nlines",""]})"
    "\n"
    R"({"type":"entity","name":"Levee","entityType":"project","observations":[]})"
    "\n"
    R"({"type":"entity","name":"Tea","entityType":"","observations":["é \"quoted\""]})"
    "\n"
    R"({"type":"relation","from":"Anna","to":"Levee","relationType":"works on"})"
    "\n"
    R"({"type":"relation","from":"Anna","to":"Nobody","relationType":"knows"})"
    "\n";

TEST_F(ExchangeTest, AGraphComesBackTheSame) {
  Write("memory.json", kGraph);
  EXPECT_EQ(Text(Import(ExchangeFormat::kMcpMemory, "memory.json")), "stored 3, updated 0, unchanged 0, kept 0");
  EXPECT_EQ(Text(Import(ExchangeFormat::kMcpMemory, "memory.json")), "stored 0, updated 0, unchanged 3, kept 0");
  EXPECT_EQ(Get("Anna")->category, "person");
  EXPECT_EQ(Get("Anna")->content, "likes tea\ntwo\nlines\n");
  EXPECT_EQ(Get("Levee")->content, "Levee");
  EXPECT_EQ(Get("Tea")->category, "note");
  EXPECT_EQ(Export(ExchangeFormat::kMcpMemory, "back.json"), "3");
  EXPECT_EQ(Read("back.json"), kGraph);
}

TEST_F(ExchangeTest, WhatChangedIsExported) {
  Write("memory.json", kGraph);
  ASSERT_TRUE(Import(ExchangeFormat::kMcpMemory, "memory.json").has_value());
  ASSERT_TRUE(bank_.Update({{.id = "Anna", .content = "likes coffee\nis late"}}, {}).has_value());
  ASSERT_TRUE(bank_.Store({{.item = {.id = "n1", .category = "note", .content = "# Head\n\ntext\n"}}}, {}).has_value());
  ASSERT_EQ(Export(ExchangeFormat::kMcpMemory, "back.json"), "4");
  EXPECT_THAT(Read("back.json"), HasSubstr(R"("observations":["likes coffee","is late"]})"));
  EXPECT_THAT(Read("back.json"), HasSubstr(R"({"type":"entity","name":"n1","entityType":"note","observations":["# Head","text"]})"));
}

TEST_F(ExchangeTest, ALineThatIsNoneOfAGraphIsNamed) {
  const std::pair<const char*, const char*> lines[] = {
      {"{", "line 1: VALIDATION_ERROR: it is no JSON object"},
      {R"({"type":"node"})", "line 1: VALIDATION_ERROR: its type"},
      {R"({"type":"entity","name":""})", "the entity has no name"},
      {R"({"type":"entity","name":"a","observations":[1]})", "an observation is no text"},
      {"{\"type\":\"entity\",\"name\":\"a\"}\n{\"type\":\"entity\",\"name\":\"a\"}", "line 2: VALIDATION_ERROR: the entity 'a' is there twice"},
      {R"({"type":"relation","from":"a","to":"b","relationType":"r"})", "relation from 'a': VALIDATION_ERROR: there is no entity"},
  };
  for (const auto& [line, text] : lines) {
    Write("memory.json", line);
    EXPECT_THAT(Text(Import(ExchangeFormat::kMcpMemory, "memory.json")), HasSubstr(text));
  }
}

}  // namespace
}  // namespace levee::memory
