#include "cache/capacity_share.h"

#include <gtest/gtest.h>

#include <memory>

namespace levee::cache {
namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;

void Fill(ShardedCache& cache, std::uint64_t values) {
  for (std::uint64_t i = 0; i < values; ++i) {
    cache.Insert(CacheKey{i, 0}, std::make_shared<const int>(1), 64 << 10);
  }
}

TEST(CapacityShare, HoldsTheCapacityOfTheCache) {
  MemoryBudget budget(100 * kMegabyte);
  ShardedCache cache(8 * kMegabyte);
  {
    const CapacityShare share(cache, budget);
    EXPECT_EQ(cache.capacity_bytes(), 8 * kMegabyte);
    EXPECT_EQ(budget.UseOf(MemoryPart::kCaches).bytes, 8 * kMegabyte);
  }
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(CapacityShare, TakesHalfOfWhatIsLeftAtMost) {
  MemoryBudget budget(40 * kMegabyte);
  ShardedCache first(256 * kMegabyte), second(256 * kMegabyte);
  const CapacityShare one(first, budget), two(second, budget);
  EXPECT_EQ(first.capacity_bytes(), 20 * kMegabyte);
  EXPECT_EQ(second.capacity_bytes(), 10 * kMegabyte);
  EXPECT_EQ(budget.left_bytes(), 10 * kMegabyte);
}

TEST(CapacityShare, EvictsForOthersAndTakesBackOnceThereIsPlenty) {
  MemoryBudget budget(64 * kMegabyte);
  ShardedCache cache(32 * kMegabyte);
  CapacityShare share(cache, budget);
  Fill(cache, 500);
  EXPECT_GT(cache.counters().bytes, 28 * kMegabyte);
  MemoryHold answer(budget, MemoryPart::kAnswers);
  ASSERT_TRUE(answer.Grow(48 * kMegabyte));
  EXPECT_EQ(cache.capacity_bytes(), 16 * kMegabyte);
  EXPECT_LE(cache.counters().bytes, 16 * kMegabyte);
  share.TakeBack();  // nothing is left
  EXPECT_EQ(cache.capacity_bytes(), 16 * kMegabyte);
  answer.Shrink(24 * kMegabyte);
  share.TakeBack();  // 24 MB are left; 16 of them stay free
  EXPECT_EQ(cache.capacity_bytes(), 24 * kMegabyte);
  answer.Release();
  share.TakeBack();
  EXPECT_EQ(cache.capacity_bytes(), 32 * kMegabyte);
}

TEST(CapacityShare, GivesAllOfItWhenNothingElseHelps) {
  MemoryBudget budget(10 * kMegabyte);
  ShardedCache cache(5 * kMegabyte);
  CapacityShare share(cache, budget);
  Fill(cache, 100);
  MemoryHold answer(budget, MemoryPart::kAnswers);
  ASSERT_TRUE(answer.Grow(10 * kMegabyte));
  EXPECT_EQ(cache.counters().bytes, 0u);
  EXPECT_FALSE(answer.Grow(1));
  // A cache of no capacity keeps nothing, and works all the same.
  EXPECT_EQ(*cache.Insert(CacheKey{1, 1}, std::make_shared<const int>(7), 10), 7);
  EXPECT_EQ(cache.Find<int>(CacheKey{1, 1}), nullptr);
}

}  // namespace
}  // namespace levee::cache
