#include "base/memory_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace levee {
namespace {

TEST(MemoryBudget, CountsWhatEachPartHoldsAndHeld) {
  MemoryBudget budget(1000);
  MemoryHold answer(budget, MemoryPart::kAnswers), import(budget, MemoryPart::kImports);
  ASSERT_TRUE(answer.Grow(300));
  ASSERT_TRUE(import.Grow(200));
  answer.Shrink(250);
  EXPECT_EQ(budget.UseOf(MemoryPart::kAnswers).bytes, 50u);
  EXPECT_EQ(budget.UseOf(MemoryPart::kAnswers).peak_bytes, 300u);
  EXPECT_EQ(budget.UseOf(MemoryPart::kImports).bytes, 200u);
  EXPECT_EQ(budget.left_bytes(), 750u);
  import.Release();
  import.Release();
  answer.Shrink(1'000'000);  // at most what it holds
  EXPECT_EQ(budget.used_bytes(), 0u);
  EXPECT_EQ(budget.UseOf(MemoryPart::kImports).peak_bytes, 200u);
}

TEST(MemoryBudget, GivesBackAtTheEndOfAHoldAndOnlyOnce) {
  MemoryBudget budget(1000);
  {
    MemoryHold first(budget, MemoryPart::kAnswers);
    ASSERT_TRUE(first.Resize(600));
    MemoryHold second = std::move(first);
    EXPECT_EQ(second.bytes(), 600u);
    MemoryHold third(budget, MemoryPart::kSyncs);
    ASSERT_TRUE(third.Resize(400));
    third = std::move(second);  // its own 400 go back
    EXPECT_EQ(budget.used_bytes(), 600u);
    EXPECT_EQ(budget.UseOf(MemoryPart::kSyncs).bytes, 0u);
    ASSERT_TRUE(third.Resize(10));
    EXPECT_EQ(budget.used_bytes(), 10u);
  }
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(MemoryBudget, RefusesPolitelyAndLeavesTheHoldAsItWas) {
  MemoryBudget budget(256 << 20);
  MemoryHold hold(budget, MemoryPart::kAnswers);
  ASSERT_TRUE(hold.Grow(244 << 20));
  const Status refused = hold.Grow(300 << 20);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(refused.error().ToString(),
              testing::StartsWith("memory: 300 MB wanted, 12 MB left of 256 MB (raise --memory-limit"));
  EXPECT_EQ(hold.bytes(), 244u << 20);
  EXPECT_FALSE(hold.TryGrow(13 << 20));
  EXPECT_TRUE(hold.TryGrow(12 << 20));
  EXPECT_EQ(budget.counters().refusals, 1);
  EXPECT_EQ(budget.counters().spills, 1);
}

TEST(MemoryBudget, EvictsInOrderBeforeItRefuses) {
  MemoryBudget budget(1000);
  MemoryHold cache(budget, MemoryPart::kCaches), index(budget, MemoryPart::kIndexes);
  ASSERT_TRUE(cache.Grow(600));
  ASSERT_TRUE(index.Grow(400));
  std::vector<std::pair<char, std::uint64_t>> asked;
  const auto second = budget.AddEvictor(
      [&](std::uint64_t wanted) {
        asked.emplace_back('i', wanted);
        const std::uint64_t freed = std::min<std::uint64_t>(wanted, index.bytes());
        index.Shrink(freed);
        return freed;
      },
      1);
  auto first = budget.AddEvictor([&](std::uint64_t wanted) {
    asked.emplace_back('c', wanted);
    const std::uint64_t freed = std::min<std::uint64_t>(wanted, cache.bytes());
    cache.Shrink(freed);
    return freed;
  });
  MemoryHold answer(budget, MemoryPart::kAnswers);
  EXPECT_FALSE(answer.TryGrowIdle(1));
  ASSERT_TRUE(answer.Grow(250));
  EXPECT_EQ(cache.bytes(), 350u);
  ASSERT_TRUE(answer.Grow(450));
  EXPECT_EQ(cache.bytes(), 0u);
  EXPECT_EQ(index.bytes(), 300u);
  EXPECT_THAT(asked, testing::ElementsAre(std::pair{'c', 250u}, std::pair{'c', 450u}, std::pair{'i', 100u}));
  first.reset();
  EXPECT_FALSE(answer.Grow(301));  // more than all of it
  answer.Shrink(100);
  ASSERT_TRUE(answer.Grow(100));
}

TEST(MemoryBudget, CountsWhatIsThereAlreadyBeyondTheLimit) {
  MemoryBudget budget(100);
  MemoryHold hold(budget, MemoryPart::kSyncs);
  hold.GrowAnyway(150);
  EXPECT_EQ(budget.used_bytes(), 150u);
  EXPECT_EQ(budget.left_bytes(), 0u);
  EXPECT_EQ(budget.counters().overdrafts, 1);
  EXPECT_FALSE(hold.TryGrowIdle(1));
  hold.Shrink(100);
  EXPECT_TRUE(hold.TryGrowIdle(50));
}

TEST(MemoryBudget, ALowerLimitEvictsAtOnce) {
  MemoryBudget budget(1000);
  MemoryHold cache(budget, MemoryPart::kCaches);
  ASSERT_TRUE(cache.Grow(800));
  const auto evictor = budget.AddEvictor([&](std::uint64_t wanted) {
    cache.Shrink(wanted);
    return wanted;
  });
  budget.SetLimit(300);
  EXPECT_EQ(budget.used_bytes(), 300u);
  budget.SetLimit(0);
  EXPECT_EQ(budget.limit_bytes(), MemoryBudget::DefaultLimit());
}

TEST(MemoryBudget, HoldsOfNoBudgetCountNothing) {
  MemoryHold hold;
  EXPECT_TRUE(hold.Grow(std::uint64_t{1} << 60));
  EXPECT_TRUE(hold.TryGrow(1));
  hold.GrowAnyway(1);
  EXPECT_EQ(hold.bytes(), 0u);
}

// Threads take and give back at random; the limit is never passed, and all comes back.
TEST(MemoryBudget, HoldsUnderManyThreads) {
  MemoryBudget budget(10'000);
  std::atomic<std::uint64_t> cached{4000};
  MemoryHold cache(budget, MemoryPart::kCaches);
  ASSERT_TRUE(cache.Grow(4000));
  const auto evictor = budget.AddEvictor([&](std::uint64_t wanted) {
    const std::uint64_t freed = std::min<std::uint64_t>(wanted, cache.bytes());
    cache.Shrink(freed);
    cached -= freed;
    return freed;
  });
  std::atomic<bool> beyond{false};
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&budget, &beyond, t] {
      std::uint64_t random = t + 1;
      for (int i = 0; i < 20'000; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        MemoryHold hold(budget, MemoryPart::kAnswers);
        const bool taken = hold.TryGrow((random >> 33) % 4000);
        if (taken && budget.used_bytes() > 10'000) beyond = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(beyond);
  EXPECT_EQ(budget.used_bytes(), cached);
  EXPECT_EQ(budget.UseOf(MemoryPart::kAnswers).bytes, 0u);
}

TEST(MemoryText, SaysSizesShortly) {
  EXPECT_EQ(MemoryText(12), "12 bytes");
  EXPECT_EQ(MemoryText(1536), "1.5 KB");
  EXPECT_EQ(MemoryText(300u << 20), "300 MB");
  EXPECT_EQ(MemoryText((std::uint64_t{3} << 30) / 2), "1.5 GB");
  EXPECT_EQ(MemoryText(std::uint64_t{2048} << 40), "2048 TB");
}

}  // namespace
}  // namespace levee
