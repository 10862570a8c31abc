#include "memory/cache/record_cache.h"

#include <gtest/gtest.h>

#include <string>

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
  cache.Resize(64u << 10);
  EXPECT_LE(cache.counters().bytes, 64u << 10);
  EXPECT_EQ(budget_.used_bytes(), 64u << 10);
  cache.Resize(2u << 20);
  EXPECT_EQ(cache.capacity_bytes(), 2u << 20);
}

TEST(LoadProfileTest, NamesAreThoseOfTheSetting) {
  for (const std::string_view name : kLoadProfileNames) EXPECT_TRUE(LoadProfileOfName(name)) << name;
  EXPECT_FALSE(LoadProfileOfName("idle"));
  EXPECT_GT(DefaultsOf(LoadProfile::kReadHeavy).records.size_bytes, DefaultsOf(LoadProfile::kBalanced).records.size_bytes);
  EXPECT_GT(DefaultsOf(LoadProfile::kLowMemory).records.compress_above_bytes, 0u);
}

}  // namespace
}  // namespace levee::memory
