// Conditions of a query, orders, what a result carries.
#include <gmock/gmock.h>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class QueryTest : public BankTest {
 protected:
  void SetUp() override {
    BankTest::SetUp();
    Add("a", "team", "note", {"red", "big"});
    Add("b", "team/one", "task", {"red"});
    Add("c", "team/one/deep", "note", {"blue", "big"});
    Add("d", "teams", "fact", {});
  }
  void Add(std::string id, std::string name_space, std::string category, std::vector<std::string> tags) {
    Item item = Note(std::move(id), "content of it");
    item.name_space = std::move(name_space);
    item.category = std::move(category);
    item.tags = std::move(tags);
    Store(std::move(item));
  }
};
LEVEE_BANK_SUITE(QueryTest);

TEST_P(QueryTest, NewestFirst) {
  EXPECT_EQ(Ids({}), "d c b a");
  Store(Note("b", "newer"));
  EXPECT_EQ(Ids({}), "b d c a");
  bank().Store({{Note("y", "at once")}, {Note("x", "at once")}}, {}).value();
  EXPECT_EQ(Ids({.limit = 3}), "b x y") << "equal times by id";
}

TEST_P(QueryTest, IdsNamespacesCategories) {
  EXPECT_EQ(Ids({.ids = {"c", "a", "none", "a"}}), "c a");
  EXPECT_EQ(Ids({.namespaces = {"team"}}), "a");
  EXPECT_EQ(Ids({.namespaces = {"team/*"}}), "c b");
  EXPECT_EQ(Ids({.namespaces = {"team", "teams"}}), "d a");
  EXPECT_EQ(Ids({.namespaces = {"team/one/*", "teams"}}), "d c");
  EXPECT_EQ(Ids({.namespaces = {"*"}}), "d c b a");
  EXPECT_EQ(Ids({.namespaces = {"te"}}), "");
  EXPECT_EQ(Ids({.categories = {"note"}}), "c a");
  EXPECT_EQ(Ids({.categories = {"task", "fact", "none"}}), "d b");
}

TEST_P(QueryTest, Tags) {
  EXPECT_EQ(Ids({.tags = {"red"}}), "b a");
  EXPECT_EQ(Ids({.tags = {"red", "big"}}), "a");
  EXPECT_EQ(Ids({.any_tags = {"red", "blue"}}), "c b a");
  EXPECT_EQ(Ids({.no_tags = {"big"}}), "d b");
  EXPECT_EQ(Ids({.tags = {"big"}, .any_tags = {"red"}, .no_tags = {"blue"}}), "a");
  EXPECT_EQ(Ids({.tags = {"Red"}}), "");
  EXPECT_EQ(Ids({.tags = {"' OR '1'='1"}}), "");
}

TEST_P(QueryTest, TimesWithBothEnds) {
  const std::int64_t last = clock_.NowMicros(), second = 1'000'000;
  EXPECT_EQ(Ids({.since = last - second}), "d c");
  EXPECT_EQ(Ids({.until = last - 2 * second}), "b a");
  EXPECT_EQ(Ids({.since = last - 2 * second, .until = last - second}), "c b");
  EXPECT_EQ(Ids({.since = last + 1}), "");
  EXPECT_EQ(Ids({.since = last, .until = last - 1}), "");
  Store(Note("a", "changed"));
  EXPECT_EQ(Ids({.since = last + 1}), "a");
  EXPECT_EQ(Ids({.created_since = last}), "d");
  EXPECT_EQ(Ids({.created_until = last - 3 * second}), "a");
}

TEST_P(QueryTest, Orders) {
  EXPECT_EQ(Ids({.order = "id"}), "a b c d");
  EXPECT_EQ(Ids({.order = "id desc"}), "d c b a");
  EXPECT_EQ(Ids({.order = "category, id desc"}), "d c a b");
  EXPECT_EQ(Ids({.order = "category desc, updated"}), "b a c d");
  EXPECT_EQ(Ids({.order = "namespace asc"}), "a b c d");
  EXPECT_EQ(Ids({.order = "created"}), "a b c d");
  Store(Note("c", "third"));
  EXPECT_EQ(Ids({.order = "version desc"}), "c a b d");
  EXPECT_EQ(Ids({.order = "content, id desc"}), "d b a c");
}

TEST_P(QueryTest, WhatIsMissingSortsLast) {
  Item item = Note("e", "x");
  item.expires = clock_.NowMicros() + 1'000'000'000;
  item.metadata = R"({"k": {"n": 2}})";
  Store(item);
  item.id = "f";
  item.expires = clock_.NowMicros() + 2'000'000'000;
  item.metadata = R"({"k": {"n": 10}})";
  Store(item);
  EXPECT_EQ(Ids({.order = "expires"}), "e f a b c d");
  EXPECT_EQ(Ids({.order = "expires desc"}), "f e a b c d");
  EXPECT_EQ(Ids({.order = "metadata.k.n"}), "e f a b c d");
  EXPECT_EQ(Ids({.order = "metadata.k.n desc, id desc"}), "f e d c b a");
}

TEST_P(QueryTest, CarriesWhatIsAskedFor) {
  Item item = Note("e", "seen and heard");
  item.embedding = {1, 2};
  item.metadata = R"({"a":1})";
  Store(item);
  const auto plain = bank().Find({.ids = {"e"}}).value().items.at(0);
  EXPECT_EQ(plain.item.content, "seen and heard");
  EXPECT_EQ(plain.item.metadata, R"({"a":1})");
  EXPECT_TRUE(plain.item.embedding.empty());
  EXPECT_EQ(plain.score, 0);
  EXPECT_EQ(plain.snippet, "");
  const auto bare =
      bank().Find({.ids = {"e"}, .with_content = false, .with_embedding = true}).value().items.at(0);
  EXPECT_EQ(bare.item.content, "");
  EXPECT_EQ(bare.item.embedding, (std::vector<float>{1, 2}));
  const auto found = bank().Find({.words = "heard"}).value().items.at(0);
  EXPECT_THAT(found.snippet, testing::HasSubstr("heard"));
  EXPECT_GT(found.score, 0);
  EXPECT_EQ(bank().Find({.words = "heard", .with_snippet = false}).value().items.at(0).snippet, "");
}

TEST_P(QueryTest, CountsWithoutLimits) {
  EXPECT_EQ(bank().Count({.limit = 1}).value(), 4);
  EXPECT_EQ(bank().Count({.tags = {"red"}}).value(), 2);
  EXPECT_EQ(bank().Count({.words = "content", .categories = {"note"}}).value(), 2);
  EXPECT_EQ(bank().Count({.words = "nothing"}).value(), 0);
}

TEST_P(QueryTest, Facets) {
  const auto facets = [&](const ItemQuery& query, FacetField field, std::int64_t limit) {
    std::string text;
    const auto counted = bank().Facets(query, field, limit);
    for (const FacetCount& facet : counted.value()) {
      text += (text.empty() ? "" : " ") + facet.value + ":" + std::to_string(facet.items);
    }
    return text;
  };
  EXPECT_EQ(facets({}, FacetField::kCategory, 10), "note:2 fact:1 task:1");
  EXPECT_EQ(facets({}, FacetField::kCategory, 1), "note:2");
  EXPECT_EQ(facets({.limit = 1}, FacetField::kTag, 10), "big:2 red:2 blue:1");
  EXPECT_EQ(facets({.tags = {"big"}}, FacetField::kTag, 10), "big:2 blue:1 red:1");
  EXPECT_EQ(facets({}, FacetField::kNamespace, 2), "team:1 team/one:1");
  EXPECT_EQ(facets({}, FacetField::kDay, 10), "2023-11-14:4");
  clock_.Move(86'400'000'000);
  Store(Note("a", "x"));
  EXPECT_EQ(facets({}, FacetField::kDay, 10), "2023-11-14:3 2023-11-15:1");
  EXPECT_EQ(facets({.words = "nothing"}, FacetField::kDay, 10), "");
}

TEST_P(QueryTest, ExplainsEveryFormat) {
  for (const auto format : {ExplainFormat::kText, ExplainFormat::kJson, ExplainFormat::kSvg}) {
    for (const bool analyze : {false, true}) {
      const auto plan = bank().Explain({.words = "content", .tags = {"red"}}, format, analyze);
      ASSERT_TRUE(plan) << plan.error().ToString();
      EXPECT_FALSE(plan->empty());
    }
  }
  EXPECT_EQ(DetailOf(bank().Explain({.order = "nothing"}, ExplainFormat::kText, false)), "INVALID_QUERY");
}

}  // namespace
}  // namespace levee::memory_bank
