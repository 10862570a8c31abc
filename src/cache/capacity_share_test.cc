#include "cache/capacity_share.h"

#include <gtest/gtest.h>

#include <memory>

#include "cache/level_options.h"
#include "cache/sharded_cache.h"

namespace levee::cache {
namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;

void Fill(ShardedCache& cache, std::uint64_t values) {
  for (std::uint64_t i = 0; i < values; ++i) {
    cache.Insert(CacheKey{i, 0}, std::make_shared<const int>(1), 64 << 10);
  }
}

// A share with the levels that fill it, which together have its whole total but for what other kinds would have.
struct Caches {
  Caches(std::uint64_t total_bytes, MemoryBudget& budget)
      : share({.total_bytes = total_bytes, .fixed = true}, budget),
        columns_level(&share.governor(), LevelKind::kColumns, columns),
        results_level(&share.governor(), LevelKind::kResults, results) {}

  std::uint64_t room() const { return columns.capacity_bytes() + results.capacity_bytes(); }

  CapacityShare share;
  ShardedCache columns{0}, results{0};
  Membership columns_level, results_level;
};

TEST(CapacityShare, HoldsTheTotal) {
  MemoryBudget budget(100 * kMegabyte);
  {
    const Caches caches(32 * kMegabyte, budget);
    EXPECT_EQ(caches.columns.capacity_bytes(), 24 * kMegabyte);
    EXPECT_EQ(budget.UseOf(MemoryPart::kCaches).bytes, 32 * kMegabyte);
  }
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(CapacityShare, TakesHalfOfWhatIsLeftAtMost) {
  MemoryBudget budget(40 * kMegabyte);
  CapacityShare one({.total_bytes = 256 * kMegabyte}, budget), two({.total_bytes = 256 * kMegabyte}, budget);
  EXPECT_EQ(one.governor().total_bytes(), 20 * kMegabyte);
  EXPECT_EQ(two.governor().total_bytes(), 10 * kMegabyte);
  EXPECT_EQ(budget.left_bytes(), 10 * kMegabyte);
}

TEST(CapacityShare, GivesWayToOthersAndTakesBackOnceThereIsPlenty) {
  MemoryBudget budget(64 * kMegabyte);
  Caches caches(32 * kMegabyte, budget);
  Fill(caches.columns, 500);
  const std::uint64_t room = caches.room(), full = caches.columns.counters().bytes;
  EXPECT_GT(full, 20 * kMegabyte);
  MemoryHold answer(budget, MemoryPart::kAnswers);
  ASSERT_TRUE(answer.Grow(48 * kMegabyte));
  EXPECT_EQ(caches.room(), room - 16 * kMegabyte);
  EXPECT_LT(caches.columns.counters().bytes, full);
  EXPECT_EQ(budget.UseOf(MemoryPart::kCaches).bytes, 16 * kMegabyte);
  while (caches.share.governor().Step()) {
  }
  EXPECT_EQ(caches.room(), room - 16 * kMegabyte) << "nothing is left";
  answer.Shrink(24 * kMegabyte);
  while (caches.share.governor().Step()) {
  }
  EXPECT_EQ(caches.room(), room - 16 * kMegabyte) << "24 MB are left, less than half of the limit";
  answer.Shrink(12 * kMegabyte);
  while (caches.share.governor().Step()) {
  }
  EXPECT_EQ(caches.room(), room - 12 * kMegabyte) << "36 MB are left; 32 of them stay free";
  answer.Release();
  while (caches.share.governor().Step()) {
  }
  EXPECT_EQ(caches.room(), room);
  EXPECT_EQ(budget.UseOf(MemoryPart::kCaches).bytes, 32 * kMegabyte);
}

TEST(CapacityShare, GivesAllOfItWhenNothingElseHelps) {
  MemoryBudget budget(10 * kMegabyte);
  Caches caches(5 * kMegabyte, budget);
  Fill(caches.columns, 100);
  const std::uint64_t room = caches.room();
  MemoryHold answer(budget, MemoryPart::kAnswers);
  ASSERT_TRUE(answer.Grow(5 * kMegabyte + room));
  EXPECT_EQ(caches.columns.counters().bytes, 0u);
  EXPECT_FALSE(answer.Grow(kMegabyte));
  // A cache of no capacity keeps nothing, and works all the same.
  EXPECT_EQ(*caches.columns.Insert(CacheKey{1, 1}, std::make_shared<const int>(7), 10), 7);
  EXPECT_EQ(caches.columns.Find<int>(CacheKey{1, 1}), nullptr);
}

}  // namespace
}  // namespace levee::cache
