#include "base/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace levee {
namespace {

TEST(Arena, HoldsBlocksBeyondTheFirstAndGivesAllBack) {
  MemoryBudget budget(1 << 20);
  {
    Arena arena(budget);
    std::pmr::unordered_set<int> few(arena.resource());
    for (int i = 0; i < 100; ++i) few.insert(i);
    EXPECT_EQ(budget.used_bytes(), 0u);
    std::pmr::vector<std::pmr::string> texts(arena.resource());
    for (int i = 0; i < 2'000; ++i) texts.emplace_back(std::string(60, 'x') + std::to_string(i));
    EXPECT_GT(budget.UseOf(MemoryPart::kAnswers).bytes, 60u * 2'000 - Arena::kFirstBytes);
    EXPECT_EQ(few.size(), 100u);
    EXPECT_EQ(std::string_view(texts[1'999]), std::string(60, 'x') + "1999");
  }
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(Arena, SaysThatThereIsNoRoom) {
  MemoryBudget budget(256 << 10);
  {
    Arena arena(budget);
    EXPECT_THROW((void)arena.resource()->allocate(1 << 20), std::bad_alloc);
    std::memset(arena.resource()->allocate(1'000), 1, 1'000);
  }
  EXPECT_EQ(budget.counters().refusals, 1);
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(Arena, UsesTheBlockThatTheLastOneLeft) {
  const auto first_piece = [] {
    Arena arena;
    return arena.resource()->allocate(16);
  };
  void* const piece = first_piece();
  EXPECT_EQ(first_piece(), piece);
  // Two at once have blocks of their own.
  Arena one, other;
  EXPECT_NE(one.resource()->allocate(16), other.resource()->allocate(16));
}

}  // namespace
}  // namespace levee
