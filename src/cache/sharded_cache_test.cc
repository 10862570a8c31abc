#include "cache/sharded_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace levee::cache {
namespace {

std::shared_ptr<const std::string> Text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

TEST(ShardedCache, FindsWhatWasInserted) {
  ShardedCache cache(1 << 20);
  EXPECT_EQ(cache.Find<std::string>({1, 2}), nullptr);
  cache.Insert({1, 2}, Text("value"), 5);
  const auto found = cache.Find<std::string>({1, 2});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found, "value");
  EXPECT_EQ(cache.Find<std::string>({2, 1}), nullptr);
  EXPECT_EQ(cache.counters().hits, 1u);
  EXPECT_EQ(cache.counters().misses, 2u);
}

TEST(ShardedCache, StaysWithinItsBytesAndDropsTheLeastRecentlyUsed) {
  ShardedCache cache(8 * 1000);
  cache.Insert({0, 0}, Text("kept"), 10);
  for (std::uint64_t i = 1; i < 5000; ++i) {
    cache.Insert({i, i}, Text("x"), 10);
    ASSERT_NE(cache.Find<std::string>({0, 0}), nullptr) << i;
    ASSERT_LE(cache.counters().bytes, 8000u);
  }
  EXPECT_GT(cache.counters().evictions, 4000u);
  EXPECT_EQ(cache.Find<std::string>({1, 1}), nullptr);
}

TEST(ShardedCache, ReplacesAValueAndRefusesAHugeOne) {
  ShardedCache cache(8 * 1000);
  cache.Insert({7, 7}, Text("first"), 100);
  cache.Insert({7, 7}, Text("second"), 50);
  EXPECT_EQ(*cache.Find<std::string>({7, 7}), "second");
  EXPECT_EQ(cache.counters().bytes, 50u);
  const auto huge = cache.Insert({8, 8}, Text("huge"), 900);
  EXPECT_EQ(*huge, "huge");
  EXPECT_EQ(cache.Find<std::string>({8, 8}), nullptr);
}

TEST(ShardedCache, AHeldValueOutlivesItsEviction) {
  ShardedCache cache(1 << 20);
  const auto held = cache.Insert({1, 1}, Text("held"), 5);
  cache.Clear();
  EXPECT_EQ(cache.Find<std::string>({1, 1}), nullptr);
  EXPECT_EQ(cache.counters().bytes, 0u);
  EXPECT_EQ(*held, "held");
}

TEST(ShardedCache, IsSafeFromSeveralThreads) {
  ShardedCache cache(8 * 1000);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (std::uint64_t i = 0; i < 5000; ++i) {
        const CacheKey key{i % 97, static_cast<std::uint64_t>(t % 2)};
        const auto found = cache.Find<std::string>(key);
        if (found != nullptr) {
          ASSERT_EQ(*found, std::to_string(i % 97));
        } else {
          cache.Insert(key, Text(std::to_string(i % 97)), 40);
        }
      }
    });
  }
}

}  // namespace
}  // namespace levee::cache
