// Versions, time travel, expiry.
#include <gmock/gmock.h>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class HistoryTest : public BankTest {
 protected:
  // "operation version content by author" of each, newest first.
  std::vector<std::string> Texts(std::string_view id, std::optional<std::int64_t> limit = {}) {
    std::vector<std::string> texts;
    const auto history = bank().History(id, limit);
    for (const ItemVersion& version : history.value()) {
      texts.push_back(version.operation + " " + std::to_string(version.item.version) + " " +
                      version.item.content + " by " + version.author);
    }
    return texts;
  }
};
LEVEE_BANK_SUITE(HistoryTest);

TEST_P(HistoryTest, KeepsEveryVersionWithWhoAndWhen) {
  Store(Note("a", "one"));
  const std::int64_t first = clock_.NowMicros();
  Store(Note("a", "two"), {}, {.author = "ann"});
  clock_.Move(10);
  bank().Update({{.id = "a", .content = "three"}}, {.author = "bob"}).value();
  bank().Delete({{"a", {}}}, {.author = "eve"}).value();
  Store(Note("a", "four"));
  for (int round = 0; round < 3; ++round) {
    EXPECT_THAT(Texts("a"),
                testing::ElementsAre("store 4 four by suite", "delete 3 three by eve",
                                     "update 3 three by bob", "update 2 two by ann", "store 1 one by suite"));
    if (round == 0) made().Reopen();
    if (round == 1) bank().Maintain({}).value();
  }
  EXPECT_THAT(Texts("a", 2), testing::ElementsAre("store 4 four by suite", "delete 3 three by eve"));
  EXPECT_EQ(bank().History("a", {}).value().back().written, first);
  EXPECT_THAT(Texts("none"), testing::IsEmpty());
}

TEST_P(HistoryTest, ReadsThePast) {
  const std::int64_t before = clock_.NowMicros();
  Store(Note("a", "one"));
  const std::int64_t first = clock_.NowMicros();
  Store(Note("a", "two"));
  const std::int64_t second = clock_.NowMicros();
  clock_.Move(1000);
  bank().Delete({{"a", {}}}, {}).value();
  const std::int64_t gone = clock_.NowMicros();
  const auto content = [&](std::int64_t as_of) {
    const auto item = bank().Get("a", {.as_of = as_of}).value();
    const auto page = bank().Find({.as_of = as_of}).value();
    EXPECT_EQ(page.items.size(), item ? 1U : 0U);
    if (item) {
      EXPECT_EQ(page.items.at(0).item, *item);
    }
    return item ? item->content : "none";
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(content(before), "none");
    EXPECT_EQ(content(first), "one");
    EXPECT_EQ(content(second - 1), "one");
    EXPECT_EQ(content(second), "two");
    EXPECT_EQ(content(gone - 1), "two");
    EXPECT_EQ(content(gone), "none");
    EXPECT_EQ(bank().Get("a", {.version = 1}).value()->content, "one");
    EXPECT_EQ(bank().Get("a", {.version = 2}).value()->content, "two");
    EXPECT_FALSE(bank().Get("a", {.version = 3}).value());
    EXPECT_FALSE(bank().Get("a", {}).value());
    bank().Maintain({}).value();
  }
}

TEST_P(HistoryTest, TheFirstQuestionAfterOpeningKnowsEveryName) {
  Item item = Note("a", "some words");
  item.name_space = "team/one";
  item.category = "task";
  item.tags = {"lake", "big"};
  Store(item);
  Store(Note("b", "some words"));
  Item later = item;
  later.id = "c";
  Store(later);
  const std::int64_t then = clock_.NowMicros();
  clock_.Move(1000);
  bank().Delete({{"a", {}}}, {}).value();
  for (const bool all_gone : {false, true}) {
    if (all_gone) bank().Delete({{"c", {}}}, {}).value();
    bank().Maintain({}).value();
    const auto after_opening = [&](ItemQuery query) {
      made().Reopen();
      return Ids(query);
    };
    for (const char* words : {"", "words"}) {
      const auto ask = [&](ItemQuery query, std::optional<std::int64_t> as_of) {
        query.words = words;
        query.order = "id";
        query.as_of = as_of;
        return after_opening(query);
      };
      const std::string gone = all_gone ? "" : "c";
      EXPECT_EQ(ask({.tags = {"lake"}}, {}), gone) << words;
      EXPECT_EQ(ask({.any_tags = {"big", "none"}}, {}), gone) << words;
      EXPECT_EQ(ask({.no_tags = {"lake"}}, {}), "b") << words;
      EXPECT_EQ(ask({.categories = {"task"}}, {}), gone) << words;
      EXPECT_EQ(ask({.namespaces = {"team/one"}}, {}), gone) << words;
      EXPECT_EQ(ask({.namespaces = {"team/*"}}, {}), gone) << words;
      EXPECT_EQ(ask({.tags = {"lake"}}, then), "a c") << words;
      EXPECT_EQ(ask({.any_tags = {"big", "none"}}, then), "a c") << words;
      EXPECT_EQ(ask({.no_tags = {"lake"}}, then), "b") << words;
      EXPECT_EQ(ask({.categories = {"task"}}, then), "a c") << words;
      EXPECT_EQ(ask({.namespaces = {"team/one"}}, then), "a c") << words;
      EXPECT_EQ(ask({.namespaces = {"team/*"}}, then), "a c") << words;
    }
  }
}

TEST_P(HistoryTest, AnItemIsNotThereFromItsExpiryOn) {
  Item item = Note("a", "fleeting");
  item.expires = clock_.NowMicros() + 1'000'100;  // Store moves the clock by a second first
  Store(item);
  bank().Store({{Note("b", "lasting")}}, {}).value();
  clock_.Move(99);
  EXPECT_EQ(Ids({.order = "id"}), "a b");
  clock_.Move(1);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Ids({}), "b");
    EXPECT_EQ(Ids({.words = "fleeting"}), "");
    EXPECT_FALSE(bank().Get("a", {}).value());
    EXPECT_EQ(bank().Count({}).value(), 1);
    EXPECT_TRUE(bank().Get("a", {.as_of = *item.expires - 1}).value());
    EXPECT_EQ(bank().Stats().value().items, 1);
    bank().Maintain({}).value();
  }
  EXPECT_EQ(Text(bank().Update({{.id = "a", .content = "x"}}, {})), "a not-found 0");
  EXPECT_EQ(Text(bank().Delete({{"a", {}}}, {})), "a not-found 0");
  EXPECT_EQ(Text(bank().Store({{Note("a", "back"), 0}}, {})), "a stored 2");
}

TEST_P(HistoryTest, AVersionThatHadExpiredWhenItCameEndsTheItem) {
  Store(Note("a", "lasting"));
  Item item = Note("a", "past already");
  item.name_space = "elsewhere";
  item.expires = clock_.NowMicros();
  EXPECT_EQ(Store(item).version, 2);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Ids({}), "");
    EXPECT_FALSE(bank().Get("a", {}).value());
    EXPECT_THAT(bank().Verify().value().problems, testing::IsEmpty());
    made().Reopen();
  }
  EXPECT_EQ(Store(Note("a", "anew")).version, 3);
}

TEST_P(HistoryTest, AnExpiryStandsInTheHistory) {
  Item item = Note("a", "fleeting");
  item.expires = clock_.NowMicros() + 2'000'000;
  Store(item);
  clock_.Move(5'000'000);
  EXPECT_THAT(Texts("a").at(0), testing::StartsWith("expire 1 fleeting"));
  bank().Maintain({}).value();
  EXPECT_THAT(Texts("a"), testing::SizeIs(2));
  EXPECT_THAT(Texts("a").at(0), testing::StartsWith("expire 1 fleeting"));
  EXPECT_EQ(bank().History("a", {}).value().at(0).written, *item.expires);
}

}  // namespace
}  // namespace levee::memory_bank
