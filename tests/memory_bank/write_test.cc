// What becomes of writes.
#include <gmock/gmock.h>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class WriteTest : public BankTest {};
LEVEE_BANK_SUITE(WriteTest);

TEST_P(WriteTest, StoresWhatIsGivenAndSetsTheRest) {
  Item item = Note("a", "orders is late");
  item.name_space = "team/project";
  item.tags = {"lake", "Fish"};
  item.metadata = R"({ "source": "s1", "n": [1, 2.50] })";
  item.embedding = {1, -0.5};
  item.embedding_model = "m";
  EXPECT_EQ(Store(item).version, 1);
  const auto got = bank().Get("a", {});
  ASSERT_TRUE(got && *got);
  item.version = 1;
  item.vector_clock = {{"here", 1}};
  item.created = item.updated = clock_.NowMicros();
  item.checksum = (*got)->checksum;
  EXPECT_EQ(**got, item);
  // XXH3, 64 bits, of "orders is late": by libxxhash itself.
  EXPECT_EQ((*got)->checksum, "c3b84f4ece168011");
}

TEST_P(WriteTest, AnItemFromElsewhereGoesOnFromItsVersion) {
  Item item = Note("a", "from a file");
  item.version = 7;
  EXPECT_EQ(Store(item).version, 7);
  EXPECT_EQ((*bank().Get("a", {}))->vector_clock, (VectorClock{{"here", 7}}));
  item.version = 3;
  EXPECT_EQ(Store(item).version, 8);
  EXPECT_EQ((*bank().Get("a", {}))->vector_clock, (VectorClock{{"here", 8}}));
  ASSERT_TRUE(bank().Delete({{.id = "a"}}, {}));
  EXPECT_EQ(Store(item).version, 9);  // it was there once
  Item wrong = Note("b", "of no version");
  wrong.version = -4;
  EXPECT_EQ(Store(wrong).version, 1);
}

TEST_P(WriteTest, MakesIdsThatAreUuidsOfVersion7) {
  const auto written = bank().Store({{Note("", "one")}, {Note("", "two")}}, {});
  ASSERT_TRUE(written);
  const std::string first = written->at(0).id, second = written->at(1).id;
  EXPECT_NE(first, second);
  EXPECT_EQ(first.size(), 36U);
  EXPECT_EQ(first[14], '7');
  EXPECT_THAT(std::string(1, first[19]), testing::ContainsRegex("[89ab]"));
  EXPECT_EQ(first.substr(0, 8) + first.substr(9, 4), "018bcfe56800");  // the clock's milliseconds
  const auto got = bank().Get(first, {});
  ASSERT_TRUE(got && *got);
  EXPECT_EQ((*got)->content, "one");
}

TEST_P(WriteTest, KeepsTimesThatAreGiven) {
  Item item = Note("a", "x");
  item.created = 5;
  item.updated = 7;
  Store(item);
  const auto got = bank().Get("a", {});
  EXPECT_EQ((*got)->created, 5);
  EXPECT_EQ((*got)->updated, 7);
  Store(Note("a", "y"));
  const auto next = bank().Get("a", {});
  EXPECT_EQ((*next)->created, 5) << "an item is created once";
  EXPECT_EQ((*next)->updated, clock_.NowMicros());
}

TEST_P(WriteTest, ToldWhatIsThereWhenAnotherVersionWasExpected) {
  EXPECT_EQ(Text(bank().Store({{Note("a", "x"), 1}}, {})), "a conflict 0");
  EXPECT_EQ(Text(bank().Store({{Note("a", "x"), 0}}, {})), "a stored 1");
  EXPECT_EQ(Text(bank().Store({{Note("a", "y"), 0}}, {})), "a conflict 1");
  EXPECT_EQ(Text(bank().Store({{Note("a", "y"), 1}}, {})), "a updated 2");
  EXPECT_EQ(Text(bank().Store({{Note("a", "z")}}, {})), "a updated 3");
  EXPECT_EQ(Text(bank().Update({{.id = "a", .expected_version = 2, .content = "w"}}, {})), "a conflict 3");
  EXPECT_EQ(Text(bank().Update({{.id = "a", .expected_version = 3, .content = "w"}}, {})), "a updated 4");
  EXPECT_EQ(Text(bank().Delete({{"a", 3}}, {})), "a conflict 4");
  EXPECT_EQ(Text(bank().Delete({{"a", 4}}, {})), "a deleted 4");
  EXPECT_EQ(Text(bank().Delete({{"a", {}}}, {})), "a not-found 0");
  EXPECT_EQ(Text(bank().Update({{.id = "a", .content = "w"}}, {})), "a not-found 0");
  EXPECT_EQ(Text(bank().Store({{Note("a", "again"), 0}}, {})), "a stored 5") << "versions count on";
}

TEST_P(WriteTest, LandsABatchButForItsConflicts) {
  Store(Note("b", "there"));
  EXPECT_EQ(
      Text(bank().Store({{Note("a", "1")}, {Note("b", "2"), 0}, {Note("a", "3"), 1}, {Note("c", "4")}}, {})),
      "a stored 1, b conflict 1, a updated 2, c stored 1");
  EXPECT_EQ((*bank().Get("a", {}))->content, "3");
  EXPECT_EQ((*bank().Get("b", {}))->content, "there");
  EXPECT_EQ(Text(bank().Delete({{"a", {}}, {"a", {}}, {"c", {}}}, {})),
            "a deleted 2, a not-found 0, c deleted 1");
  EXPECT_EQ(Ids({}), "b");
}

TEST_P(WriteTest, AnswersAnEmptyBatch) {
  EXPECT_EQ(Text(bank().Store({}, {})), "");
  EXPECT_EQ(Text(bank().Update({}, {})), "");
  EXPECT_EQ(Text(bank().Delete({}, {})), "");
}

TEST_P(WriteTest, ChangesWhatIsNamed) {
  Item item = Note("a", "x");
  item.tags = {"one", "two"};
  item.embedding = {1};
  Store(item);
  clock_.Move(5);
  ItemChange change{.id = "a", .category = "task", .metadata = R"({"k":1})", .add_tags = {"three", "one"}};
  change.remove_tags = {"two", "none"};
  change.expires = clock_.NowMicros() + 100;
  ASSERT_EQ(Text(bank().Update({change}, {})), "a updated 2");
  const Item got = **bank().Get("a", {});
  EXPECT_EQ(got.category, "task");
  EXPECT_EQ(got.content, "x");
  EXPECT_EQ(got.metadata, R"({"k":1})");
  EXPECT_THAT(got.tags, testing::ElementsAre("one", "three"));
  EXPECT_EQ(got.embedding, std::vector<float>{1});
  EXPECT_EQ(got.updated, clock_.NowMicros());
  EXPECT_EQ(got.created, clock_.NowMicros() - 5);
  EXPECT_EQ(got.vector_clock, (VectorClock{{"here", 2}}));
  ASSERT_EQ(Text(bank().Update(
                {{.id = "a", .tags = {{"new"}}, .expires = 0, .embedding = std::vector<float>{}}}, {})),
            "a updated 3");
  const Item last = **bank().Get("a", {});
  EXPECT_FALSE(last.expires);
  EXPECT_THAT(last.tags, testing::ElementsAre("new"));
  EXPECT_TRUE(last.embedding.empty());
}

TEST_P(WriteTest, IsThereAfterOpeningAgain) {
  Store(Note("a", "x"));
  Store(Note("b", "y"));
  bank().Delete({{"b", {}}}, {}).value();
  made().Reopen();
  EXPECT_EQ(Ids({}), "a");
  EXPECT_EQ(Text(bank().Store({{Note("b", "z")}}, {})), "b stored 2");
}

}  // namespace
}  // namespace levee::memory_bank
