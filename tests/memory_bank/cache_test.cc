// Items kept in memory: what is answered is the same whatever the cache does.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <thread>
#include <vector>

#include "tests/memory_bank/bank_under_test.h"
#include "tests/memory_bank/stored_bank.h"

namespace levee::memory_bank {
namespace {

constexpr int kItems = 1'500;  // enough for a segment whose records are compressed

std::string IdOf(int number) { return "i" + std::to_string(number); }

std::string ContentOf(int number) {
  std::string text = "item " + std::to_string(number);
  while (text.size() < 1'000) text += " word" + std::to_string(number * 31 % 97) + " and then some more";
  return text;
}

class CacheTest : public testing::Test {
 protected:
  void Fill(MemoryBank& bank) {
    std::vector<ItemWrite> writes;
    for (int i = 0; i < kItems; ++i) {
      clock_.Move(1'000);
      Item item = Note(IdOf(i), ContentOf(i));
      item.category = i % 3 == 0 ? "hot" : "cold";
      item.updated = clock_.NowMicros();
      writes.push_back({.item = std::move(item), .expected_version = {}});
    }
    ASSERT_TRUE(bank.Store(std::move(writes), {}));
    ASSERT_TRUE(bank.Maintain({}));
  }
  static std::string ContentIn(MemoryBank& bank, int number) {
    const auto item = bank.Get(IdOf(number), {});
    return item && *item ? (*item)->content : "";
  }

  StandingClock clock_;
};

TEST_F(CacheTest, TheSecondLookHits) {
  StoredBank bank(clock_, {});
  Fill(*bank);
  bank.Open({});
  EXPECT_EQ(ContentIn(*bank, 7), ContentOf(7));
  const MemoryStats first = bank->Stats().value();
  EXPECT_EQ(first.cache_hits, 0);
  EXPECT_EQ(first.cache_misses, 1);
  EXPECT_EQ(ContentIn(*bank, 7), ContentOf(7));
  EXPECT_EQ(bank->Stats()->cache_hits, 1);
  EXPECT_EQ(bank->Stats()->cache_misses, 1);
}

TEST_F(CacheTest, WhatWasChangedIsNeverAnsweredFromTheCache) {
  StoredBank bank(clock_, {});
  Fill(*bank);
  EXPECT_EQ(ContentIn(*bank, 7), ContentOf(7));
  ASSERT_TRUE(bank->Update({{.id = IdOf(7), .content = "new"}}, {}));
  EXPECT_EQ(ContentIn(*bank, 7), "new");
  ASSERT_TRUE(bank->Maintain({}));
  EXPECT_EQ(ContentIn(*bank, 7), "new");
  EXPECT_EQ((*bank->Get(IdOf(7), {.version = 1}))->content, ContentOf(7));
  ASSERT_TRUE(bank->Delete({{.id = IdOf(7)}}, {}));
  EXPECT_FALSE(bank->Get(IdOf(7), {})->has_value());
}

TEST_F(CacheTest, EveryPolicyAnswersTheSameWithRoomForFew) {
  StoredBank bank(clock_, {});
  Fill(*bank);
  for (const auto policy : {cache::PolicyKind::kLru, cache::PolicyKind::kLfu, cache::PolicyKind::kFifo, cache::PolicyKind::kTtl,
                            cache::PolicyKind::kAdaptive}) {
    for (const std::size_t compress_above : {std::size_t{0}, std::size_t{100}}) {
      memory::StoreBankOptions options;
      options.records = {.size_bytes = 512u << 10, .policy = policy, .compress_above_bytes = compress_above};
      bank.Open(options);
      for (int i = 0; i < 3 * kItems; ++i) {
        const int number = i % 4 == 0 ? i % 40 : i * 7 % kItems;
        ASSERT_EQ(ContentIn(*bank, number), ContentOf(number));
      }
      const MemoryStats stats = bank->Stats().value();
      EXPECT_GT(stats.cache_hits, 0);
      EXPECT_GT(stats.cache_evictions, compress_above == 0 ? 0 : -1);
    }
  }
}

TEST_F(CacheTest, WarmingReadsTheNewestAndThoseOfHotCategories) {
  StoredBank bank(clock_, {});
  Fill(*bank);
  memory::StoreBankOptions options;
  options.warm = {.items = 100, .categories = {"hot"}};
  bank.Open(options);
  // 100 of all; of the newest 100 hot ones a third was read with them.
  constexpr std::int64_t kWarmed = 100 + 67;
  for (int i = 0; i < 500 && bank->Stats()->cache_misses < kWarmed; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const MemoryStats warm = bank->Stats().value();
  EXPECT_NEAR(static_cast<double>(warm.cache_misses), kWarmed, 2);
  for (int i = kItems - 100; i < kItems; ++i) EXPECT_EQ(ContentIn(*bank, i), ContentOf(i));
  for (int i = kItems - 300; i < kItems; i += 3) EXPECT_EQ(ContentIn(*bank, i), ContentOf(i));
  EXPECT_EQ(bank->Stats()->cache_misses, warm.cache_misses);
  EXPECT_EQ(ContentIn(*bank, 1), ContentOf(1));
  EXPECT_EQ(bank->Stats()->cache_misses, warm.cache_misses + 1);
}

TEST_F(CacheTest, SettingsChangeWhileOthersReadAndWrite) {
  StoredBank bank(clock_, {});
  Fill(*bank);
  std::atomic<int> wrong = 0, reads = 0, writes = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(3);
    for (int thread = 0; thread < 2; ++thread) {
      threads.emplace_back([&, thread](const std::stop_token& stop) {
        for (int i = thread; !stop.stop_requested(); i += 7) {
          wrong += ContentIn(*bank, i % kItems) == ContentOf(i % kItems) ? 0 : 1;
          ++reads;
        }
      });
    }
    threads.emplace_back([&](const std::stop_token& stop) {
      for (int i = 0; !stop.stop_requested(); ++i) {
        wrong += bank->Store({{.item = Note("own", ContentOf(i))}}, {}) ? 0 : 1;
        const auto own = bank->Get("own", {});
        wrong += own && *own && (*own)->content == ContentOf(i) ? 0 : 1;
        ++writes;
      }
    });
    const std::map<std::string, std::vector<std::string>> values{{"memory_cache_policy", {"lfu", "fifo", "ttl", "adaptive", "lru", ""}},
                                                                 {"memory_cache_size", {"256KB", "1MB", "0", ""}},
                                                                 {"memory_cache_compression", {"1", "500", ""}},
                                                                 {"memory_cache_ttl", {"1ms", ""}},
                                                                 {"memory_author", {"me", "somebody else", ""}},
                                                                 {"memory_durability", {"process", ""}},
                                                                 {"memory_statistics", {"1ms", ""}}};
    for (std::size_t round = 0; round < 12 || reads < 500 || writes < 20; ++round) {
      for (const auto& [key, texts] : values) {
        wrong += bank->UpdateSettings({{key, texts[round % texts.size()]}}) ? 0 : 1;
      }
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace levee::memory_bank
