// Vector clocks and what concurrent changes come to.
#include <gmock/gmock.h>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class ClocksTest : public BankTest {
 protected:
  // A change that came from elsewhere.
  static Item Change(std::string content, VectorClock clock, std::int64_t updated = 0) {
    Item item = Note("a", std::move(content));
    item.vector_clock = std::move(clock);
    item.updated = updated;
    return item;
  }
  std::string Put(Item item, ConflictPolicy policy = ConflictPolicy::kManual) {
    return Text(bank().Store({{std::move(item)}}, {.on_conflict = policy}));
  }
  Item There() { return bank().Get("a", {}).value().value(); }
};
LEVEE_BANK_SUITE(ClocksTest);

TEST_P(ClocksTest, CountTheOwnChanges) {
  Store(Note("a", "1"));
  EXPECT_EQ(There().vector_clock, (VectorClock{{"here", 1}}));
  Store(Note("a", "2"));
  bank().Update({{.id = "a", .content = "3"}}, {}).value();
  EXPECT_EQ(There().vector_clock, (VectorClock{{"here", 3}}));
  EXPECT_EQ(Put(Change("4", {{"here", 3}, {"there", 5}})), "a updated 4");
  EXPECT_EQ(There().vector_clock, (VectorClock{{"here", 3}, {"there", 5}}));
  Store(Note("a", "5"));
  EXPECT_EQ(There().vector_clock, (VectorClock{{"here", 4}, {"there", 5}}));
}

TEST_P(ClocksTest, LaterOnesReplaceEarlierOnesAreKeptOut) {
  EXPECT_EQ(Put(Change("1", {{"x", 2}, {"y", 1}})), "a stored 1");
  EXPECT_EQ(There().vector_clock, (VectorClock{{"x", 2}, {"y", 1}}));
  EXPECT_EQ(Put(Change("2", {{"x", 2}, {"y", 1}})), "a kept 1");
  EXPECT_EQ(Put(Change("2", {{"x", 2}})), "a kept 1");
  EXPECT_EQ(Put(Change("2", {{"x", 1}, {"y", 1}})), "a kept 1");
  EXPECT_EQ(There().content, "1");
  EXPECT_EQ(Put(Change("2", {{"x", 2}, {"y", 2}})), "a updated 2");
  EXPECT_EQ(There().content, "2");
}

TEST_P(ClocksTest, ConcurrentOnesByHand) {
  Put(Change("1", {{"x", 1}}));
  EXPECT_EQ(Put(Change("2", {{"y", 1}})), "a conflict 1");
  EXPECT_EQ(There().content, "1");
  EXPECT_EQ(Put(Change("both", {{"x", 1}, {"y", 1}})), "a updated 2") << "resolved by who wrote it";
}

TEST_P(ClocksTest, ConcurrentOnesByTheLastWrite) {
  Put(Change("1", {{"x", 1}}, 1000));
  EXPECT_EQ(Put(Change("2", {{"y", 1}}, 999), ConflictPolicy::kLastWrite), "a kept 1");
  EXPECT_EQ(Put(Change("3", {{"y", 1}}, 1001), ConflictPolicy::kLastWrite), "a updated 2");
  EXPECT_EQ(There().content, "3");
  EXPECT_EQ(There().vector_clock, (VectorClock{{"x", 1}, {"y", 1}}));
  EXPECT_EQ(Put(Change("4", {{"z", 1}}, 1001), ConflictPolicy::kLastWrite), "a updated 3")
      << "the greater clock text";
  EXPECT_EQ(Put(Change("5", {{"a", 1}}, 1001), ConflictPolicy::kLastWrite), "a kept 3");
}

TEST_P(ClocksTest, ConcurrentOnesMerged) {
  Item one = Change("one", {{"x", 1}}, 1000), two = Change("two", {{"y", 1}}, 999);
  one.tags = {"a", "b"};
  two.tags = {"c", "b"};
  one.metadata = R"({"p": 1, "both": "one"})";
  two.metadata = R"({"both": "two", "q": [2]})";
  Put(one);
  EXPECT_EQ(Put(two, ConflictPolicy::kMerge), "a updated 2");
  const Item merged = There();
  EXPECT_EQ(merged.content, "one") << "the later one's";
  EXPECT_THAT(merged.tags, testing::UnorderedElementsAre("a", "b", "c"));
  EXPECT_EQ(Ids({.metadata = "p = 1 AND both = 'one' AND q IS NOT NULL"}), "a");
  EXPECT_EQ(merged.vector_clock, (VectorClock{{"x", 1}, {"y", 1}}));
  EXPECT_EQ(merged.updated, 1000);
}

TEST_P(ClocksTest, AWrongExpectedVersionComesFirst) {
  Put(Change("1", {{"x", 1}}));
  EXPECT_EQ(Text(bank().Store({{Change("2", {{"x", 1}}), 5}}, {})), "a conflict 1");
  EXPECT_EQ(Text(bank().Store({{Change("2", {{"x", 2}}), 1}}, {})), "a updated 2");
}

}  // namespace
}  // namespace levee::memory_bank
