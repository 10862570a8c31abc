// Full text as the interface has it: what words find. Scores are the model test's matter.
#include <gmock/gmock.h>

#include <cmath>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class WordsTest : public BankTest {
 protected:
  void SetUp() override {
    BankTest::SetUp();
    Store(Note("a", "The orders table is late on Mondays"));
    Store(Note("b", "orders orders orders"));
    Store(Note("c", "late tables: orders, customers"));
    Store(Note("d", "Unrelated TEXT about customers' habits"));
  }
  // Sorted by id, so that ranking does not matter.
  std::string Words(std::string words, bool any_word = true, std::optional<int> typos = 0) {
    return Ids({.words = std::move(words), .order = "id", .any_word = any_word, .typos = typos});
  }
};
LEVEE_BANK_SUITE(WordsTest);

TEST_P(WordsTest, OneWordOrAnother) {
  EXPECT_EQ(Words("orders"), "a b c");
  EXPECT_EQ(Words("ORDERS"), "a b c");
  EXPECT_EQ(Words("order"), "");
  EXPECT_EQ(Words("late habits"), "a c d");
  EXPECT_EQ(Words("late orders", false), "a c");
  EXPECT_EQ(Words("late AND orders"), "a c");
  EXPECT_EQ(Words("mondays OR habits"), "a d");
  EXPECT_EQ(Words("orders NOT late"), "b");
  EXPECT_EQ(Words("orders AND NOT late"), "b");
  EXPECT_EQ(Words("orders -late"), "b");
  EXPECT_EQ(Words("+orders late"), "a b c");
  EXPECT_EQ(Words("(mondays OR habits) AND late"), "a");
  EXPECT_EQ(Words("customers AND (late OR habits)"), "c d");
}

TEST_P(WordsTest, PhrasesAndPrefixes) {
  EXPECT_EQ(Words("\"late on\""), "a");
  EXPECT_EQ(Words("\"on late\""), "");
  EXPECT_EQ(Words("\"orders customers\""), "c") << "punctuation between them parts no phrase";
  EXPECT_EQ(Words("\"orders orders\""), "b");
  EXPECT_EQ(Words("tables-orders"), "c") << "a word of two is a phrase";
  EXPECT_EQ(Words("tab*"), "a c");
  EXPECT_EQ(Words("cust* -late"), "d");
}

TEST_P(WordsTest, TypingErrors) {
  EXPECT_EQ(Words("ordres", true, {}), "a b c");
  EXPECT_EQ(Words("custmoer", true, {}), "") << "two edits from nine letters on";
  EXPECT_EQ(Words("unrelatd", true, {}), "d");
  EXPECT_EQ(Words("unreltad", true, {}), "");
  EXPECT_EQ(Words("customres", true, {}), "c d");
  EXPECT_EQ(Words("latt", true, {}), "") << "too short";
  EXPECT_EQ(Words("table", true, {}), "a") << "as it is there, nothing else is meant";
  EXPECT_EQ(Words("table", true, 1), "a c");
  EXPECT_EQ(Words("table~1"), "a c");
  EXPECT_EQ(Words("ordres", true, 0), "");
  EXPECT_EQ(Words("\"ordres\"", true, 2), "") << "not in phrases";
}

TEST_P(WordsTest, FindsNothingOfNoWords) {
  EXPECT_EQ(Words("!!!"), "");
  EXPECT_EQ(Words("   "), "");
  EXPECT_EQ(Words("!!! orders"), "a b c");
}

// By hand: N = 4, "late" in 2 of them, lengths 7, 3, 4 and 5: ln(1 + 2.5 / 2.5) and the formula of
// docs/text-search.md.
TEST_P(WordsTest, RanksByBm25) {
  const auto page = bank().Find({.words = "late"}).value();
  ASSERT_EQ(page.items.size(), 2U);
  const auto score = [](double length) {
    return std::log(2.0) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / 4.75));
  };
  EXPECT_EQ(page.items[0].item.id, "c");
  EXPECT_NEAR(page.items[0].score, score(4), 1e-9);
  EXPECT_NEAR(page.items[1].score, score(7), 1e-9);
}

TEST_P(WordsTest, HistoryDoesNotChangeScores) {
  const auto score = [&] { return bank().Find({.words = "habits"}).value().items.at(0).score; };
  const double before = score();
  for (int i = 0; i < 20; ++i) Store(Note("x" + std::to_string(i % 5), "habits of others, changed and gone"));
  for (int i = 0; i < 5; ++i) bank().Delete({{"x" + std::to_string(i), {}}}, {}).value();
  EXPECT_NEAR(score(), before, 1e-9);
  bank().Maintain({}).value();
  made().Reopen();
  EXPECT_NEAR(score(), before, 1e-9);
}

TEST_P(WordsTest, FindsWhatWasJustWrittenOnlyAsItIsNow) {
  Store(Note("a", "something else"));
  EXPECT_EQ(Words("mondays"), "");
  EXPECT_EQ(Words("something"), "a");
  bank().Update({{.id = "a", .content = "third"}}, {}).value();
  EXPECT_EQ(Words("something"), "");
  EXPECT_EQ(Words("third"), "a");
  bank().Delete({{"a", {}}}, {}).value();
  EXPECT_EQ(Words("third"), "");
  EXPECT_EQ(Words("orders"), "b c");
}

TEST_P(WordsTest, WithOtherConditions) {
  Item item = Note("e", "orders of another kind");
  item.category = "task";
  Store(item);
  EXPECT_EQ(Ids({.words = "orders", .categories = {"task"}}), "e");
  EXPECT_EQ(Ids({.words = "orders", .ids = {"b", "d"}}), "b");
  EXPECT_EQ(Ids({.words = "orders", .order = "updated"}), "a b c e");
}

}  // namespace
}  // namespace levee::memory_bank
