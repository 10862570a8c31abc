#include "memory/cache/record_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "memory/cache/load_profile.h"

namespace levee::memory {
namespace {

class StandingClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_ns / 1000; }
  std::int64_t MonotonicNanos() override { return now_ns; }
  std::int64_t now_ns = 1'000'000'000;
};

// Compressible, and another one for each number.
Bytes Record(int number, std::size_t size) {
  std::string text = std::to_string(number) + " ";
  while (text.size() < size) text += "again and ";
  text.resize(size);
  return Bytes(text.begin(), text.end());
}

class RecordCacheTest : public testing::Test {
 protected:
  MemoryBudget budget_{256u << 20};
  StandingClock clock_;
};

TEST_F(RecordCacheTest, GivesBackWhatItKept) {
  RecordCache cache({.size_bytes = 1u << 20}, budget_, clock_);
  EXPECT_EQ(cache.Find({7, 3}), nullptr);
  EXPECT_EQ(*cache.Keep({7, 3}, Record(1, 900)), Record(1, 900));
  ASSERT_NE(cache.Find({7, 3}), nullptr);
  EXPECT_EQ(*cache.Find({7, 3}), Record(1, 900));
  EXPECT_EQ(cache.Find({7, 4}), nullptr);
  EXPECT_EQ(cache.Find({8, 3}), nullptr);
  EXPECT_EQ(cache.counters().hits, 2u);
  EXPECT_EQ(cache.counters().misses, 3u);
}

TEST_F(RecordCacheTest, KeepsNoMoreThanItsSize) {
  RecordCache cache({.size_bytes = 256u << 10}, budget_, clock_);
  for (int i = 0; i < 2'000; ++i) cache.Keep({i, 0}, Record(i, 1'000));
  EXPECT_LE(cache.counters().bytes, 256u << 10);
  EXPECT_GT(cache.counters().bytes, 128u << 10);
  EXPECT_GT(cache.counters().evictions + cache.counters().refused, 0u);
}

TEST_F(RecordCacheTest, OfNoSizeItKeepsNothing) {
  RecordCache cache({.size_bytes = 0}, budget_, clock_);
  EXPECT_EQ(*cache.Keep({1, 1}, Record(1, 100)), Record(1, 100));
  EXPECT_EQ(cache.Find({1, 1}), nullptr);
  EXPECT_EQ(budget_.used_bytes(), 0u);
}

TEST_F(RecordCacheTest, ARecordIsForgottenAfterItsLife) {
  RecordCache cache({.size_bytes = 1u << 20, .life_ns = 1'000}, budget_, clock_);
  cache.Keep({1, 1}, Record(1, 100));
  EXPECT_NE(cache.Find({1, 1}), nullptr);
  clock_.now_ns += 1'000;
  EXPECT_EQ(cache.Find({1, 1}), nullptr);
}

TEST_F(RecordCacheTest, LongRecordsAreKeptCompressed) {
  RecordCache cache({.size_bytes = 1u << 20, .compress_above_bytes = 1'000}, budget_, clock_);
  cache.Keep({1, 0}, Record(1, 600));
  EXPECT_EQ(cache.counters().packed, 0u);
  cache.Keep({2, 0}, Record(2, 60'000));
  EXPECT_EQ(cache.counters().packed, 1u);
  EXPECT_LT(cache.counters().bytes, 10'000u);
  EXPECT_EQ(*cache.Find({2, 0}), Record(2, 60'000));
}

TEST_F(RecordCacheTest, WhatItMayFillIsHeldOfTheBudgetAndGivenUpToOthers) {
  RecordCache cache({.size_bytes = 64u << 20}, budget_, clock_);
  EXPECT_EQ(cache.capacity_bytes(), 64u << 20);
  EXPECT_EQ(budget_.used_bytes(), 64u << 20);
  MemoryHold other(budget_, MemoryPart::kAnswers);
  ASSERT_TRUE(other.Grow(240u << 20));
  EXPECT_LE(cache.capacity_bytes(), 16u << 20);
  other.Release();
  for (int i = 0; i < 5'000; ++i) cache.Keep({i, 0}, Record(i, 100));
  EXPECT_EQ(cache.capacity_bytes(), 64u << 20);
}

TEST_F(RecordCacheTest, ItsSizeCanBeChanged) {
  RecordCache cache({.size_bytes = 1u << 20}, budget_, clock_);
  for (int i = 0; i < 500; ++i) cache.Keep({i, 0}, Record(i, 1'000));
  cache.Change({.size_bytes = 64u << 10});
  EXPECT_LE(cache.counters().bytes, 64u << 10);
  EXPECT_EQ(budget_.used_bytes(), 64u << 10);
  EXPECT_GT(cache.counters().bytes, 0u);  // what has room stays
  cache.Change({.size_bytes = 2u << 20});
  EXPECT_EQ(cache.capacity_bytes(), 2u << 20);
}

// Which of the looks hit: places that are asked for often, and many that are asked for a few times, by a walk that is always
// the same.
std::string Walk(RecordCache& cache) {
  std::string hits;
  std::uint32_t random = 7;
  for (int i = 0; i < 30'000; ++i) {
    random = random * 1'103'515'245 + 12'345;
    const std::uint32_t drawn = random >> 12;
    const int often = i < 15'000 ? 600 : 120;
    const RecordCache::Place place{.chunk = i % 3 == 0 ? static_cast<int>(drawn % often) : static_cast<int>(drawn % 4'000), .slot = 0};
    const bool hit = cache.Find(place) != nullptr;
    if (!hit) cache.Keep(place, Record(1, 400));
    hits += hit ? 'h' : 'm';
  }
  return hits;
}

TEST_F(RecordCacheTest, ChangedItIsAsIfItHadBeenMadeSo) {
  using cache::PolicyKind;
  const RecordCacheOptions first{.size_bytes = 256u << 10};
  std::vector<RecordCacheOptions> others;
  for (const PolicyKind policy : {PolicyKind::kLru, PolicyKind::kLfu, PolicyKind::kFifo, PolicyKind::kTtl}) {
    others.push_back({.size_bytes = first.size_bytes, .policy = policy});
  }
  others.push_back({.size_bytes = first.size_bytes, .tuning = {.learning_rate = 400}});
  others.push_back({.size_bytes = first.size_bytes, .tuning = {.performance_threshold = 1}});
  others.push_back({.size_bytes = first.size_bytes, .policy = PolicyKind::kLfu, .tuning = {.lfu_window = 100}});
  others.push_back({.size_bytes = first.size_bytes, .policy = PolicyKind::kLfu, .tuning = {.lfu_decay = 0}});
  others.push_back({.size_bytes = first.size_bytes, .compress_above_bytes = 100});
  std::set<std::string> walks;
  for (const RecordCacheOptions& options : others) {
    RecordCache made(options, budget_, clock_);
    const std::string expected = Walk(made);
    RecordCache changed(first, budget_, clock_);
    walks.insert(Walk(changed));
    changed.Change(options);
    EXPECT_EQ(changed.counters().entries, 0u);
    EXPECT_EQ(changed.counters().bytes, 0u);
    EXPECT_EQ(Walk(changed), expected);
    walks.insert(expected);
    changed.Change(first);
    EXPECT_TRUE(walks.contains(Walk(changed)));
  }
  // Without lives the policy ttl has nothing to go by but age, as fifo.
  EXPECT_EQ(walks.size(), others.size());
}

TEST_F(RecordCacheTest, ChangesWhileOthersReadAndWrite) {
  RecordCache cache({.size_bytes = 256u << 10}, budget_, clock_);
  std::atomic<bool> wrong = false;
  {
    std::vector<std::jthread> threads;
    threads.reserve(3);
    for (int thread = 0; thread < 3; ++thread) {
      threads.emplace_back([&, thread](const std::stop_token& stop) {
        for (int i = thread; !stop.stop_requested(); ++i) {
          const RecordCache::Place place{.chunk = i % 900, .slot = 0};
          auto record = cache.Find(place);
          if (record == nullptr) record = cache.Keep(place, Record(i % 900, 600));
          if (*record != Record(i % 900, 600)) wrong = true;
        }
      });
    }
    for (int i = 0; i < 300; ++i) {
      cache.Change({.size_bytes = i % 4 == 0 ? 0u : 128u << (10 + i % 3), .policy = static_cast<cache::PolicyKind>(i % 5),
                    .life_ns = i % 2, .compress_above_bytes = i % 3 == 0 ? 100u : 0u});
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
  }
  EXPECT_FALSE(wrong);
  EXPECT_LE(cache.counters().bytes, cache.capacity_bytes());
}

TEST(LoadProfileTest, NamesAreThoseOfTheSetting) {
  for (const std::string_view name : kLoadProfileNames) EXPECT_TRUE(LoadProfileOfName(name)) << name;
  EXPECT_FALSE(LoadProfileOfName("idle"));
  EXPECT_GT(DefaultsOf(LoadProfile::kReadHeavy).records.size_bytes, DefaultsOf(LoadProfile::kBalanced).records.size_bytes);
  EXPECT_GT(DefaultsOf(LoadProfile::kLowMemory).records.compress_above_bytes, 0u);
}

}  // namespace
}  // namespace levee::memory
