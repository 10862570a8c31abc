// Each policy by hand on one shard; tests/cache_traces compares them with plain re-implementations on traces.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cache/sharded_cache.h"

namespace levee::cache {
namespace {

class SetClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_ns / 1000; }
  std::int64_t MonotonicNanos() override { return now_ns; }
  std::int64_t now_ns = 0;
};

// Keys are letters; a capital letter is an access: a look-up, and an insertion when it misses.
class Letters {
 public:
  explicit Letters(CacheOptions options) : cache_(std::move(options)) {}

  // 'h' and 'm' for each access.
  std::string Access(std::string_view letters) {
    std::string outcome;
    for (const char letter : letters) {
      const CacheKey key{0, static_cast<std::uint64_t>(letter)};
      const bool hit = cache_.Find<char>(key) != nullptr;
      if (!hit) cache_.Insert<char>(key, std::make_shared<const char>(letter), 1);
      outcome += hit ? 'h' : 'm';
    }
    return outcome;
  }
  // Which of the letters are held.
  std::string Held(std::string_view letters) {
    std::string held;
    for (const char letter : letters) {
      if (cache_.Probe({0, static_cast<std::uint64_t>(letter)}) == Shard::Outcome::kHit) held += letter;
    }
    return held;
  }
  ShardedCache& cache() { return cache_; }

 private:
  ShardedCache cache_;
};

CacheOptions Entries(std::uint64_t entries, PolicyKind policy) {
  return {.budget = entries, .charging = Charging::kEntries, .policy = policy, .shards = 1};
}

TEST(PolicyOfName, KnowsEachName) {
  EXPECT_EQ(PolicyOfName("adaptive"), PolicyKind::kAdaptive);
  EXPECT_EQ(PolicyOfName("lru"), PolicyKind::kLru);
  EXPECT_EQ(PolicyOfName("arc"), std::nullopt);
}

TEST(LruPolicy, GivesUpWhatWasUsedLongestAgo) {
  Letters letters(Entries(3, PolicyKind::kLru));
  EXPECT_EQ(letters.Access("ABCADB"), "mmmhmm");
  EXPECT_EQ(letters.Held("ABCD"), "ABD");
}

TEST(LruPolicy, SeesEveryHitInOrderHoweverMany) {
  Letters letters(Entries(3, PolicyKind::kLru));
  letters.Access("ABC");
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(letters.Access("CBA"), "hhh");
  EXPECT_EQ(letters.Access("D"), "m");
  EXPECT_EQ(letters.Held("ABCD"), "ABD");
}

TEST(FifoPolicy, IgnoresReading) {
  Letters letters(Entries(3, PolicyKind::kFifo));
  EXPECT_EQ(letters.Access("ABCAAAD"), "mmmhhhm");
  EXPECT_EQ(letters.Held("ABCD"), "BCD");
}

TEST(LfuPolicy, GivesUpTheLeastUsedAndAmongEqualsTheOldest) {
  Letters letters(Entries(3, PolicyKind::kLfu));
  EXPECT_EQ(letters.Access("AABCD"), "mhmmm");
  EXPECT_EQ(letters.Held("ABCD"), "ACD");
}

TEST(LfuPolicy, ForgetsAfterItsWindow) {
  CacheOptions options = Entries(2, PolicyKind::kLfu);
  options.tuning = {.lfu_window = 6, .lfu_decay = 0.25};
  Letters letters(options);
  // After six accesses A's five and B's one become 1 and 0; B's next use makes 1, and A was used longer ago.
  EXPECT_EQ(letters.Access("AAAAABBC"), "mhhhhmhm");
  EXPECT_EQ(letters.Held("ABC"), "BC");
}

TEST(TtlPolicy, ExpiresAndGivesUpWhatExpiresFirst) {
  SetClock clock;
  CacheOptions options = Entries(2, PolicyKind::kTtl);
  options.clock = &clock;
  options.life_ns = 10;
  Letters letters(options);
  EXPECT_EQ(letters.Access("A"), "m");
  clock.now_ns = 9;
  EXPECT_EQ(letters.Access("AB"), "hm");
  clock.now_ns = 10;
  EXPECT_EQ(letters.Access("AB"), "mh");
  EXPECT_EQ(letters.Access("C"), "m");
  EXPECT_EQ(letters.Held("ABC"), "AC");
  // An own life is shorter than its neighbours'.
  letters.cache().Invalidate({0, 'A'});
  letters.cache().Insert<char>({0, 'E'}, std::make_shared<const char>('E'), 1, {.life_ns = 2});
  EXPECT_EQ(letters.Access("F"), "m");
  EXPECT_EQ(letters.Held("CEF"), "CF");
  EXPECT_EQ(letters.cache().counters().expirations, 1u);
}

TEST(AdaptivePolicy, KeepsWhatIsUsedOftenThroughAScan) {
  ShardedCache cache(Entries(100, PolicyKind::kAdaptive));
  const auto access = [&cache](std::uint64_t key) {
    const bool hit = cache.Find<int>({0, key}) != nullptr;
    if (!hit) cache.Insert<int>({0, key}, std::make_shared<const int>(0), 1);
    return hit;
  };
  for (int round = 0; round < 5; ++round) {
    for (std::uint64_t key = 0; key < 80; ++key) access(key);
  }
  for (std::uint64_t key = 1000; key < 3000; ++key) access(key);
  int kept = 0;
  for (std::uint64_t key = 0; key < 80; ++key) kept += access(key) ? 1 : 0;
  EXPECT_GE(kept, 72);
}

TEST(AdaptivePolicy, WidensItsWindowWhereTheRecentComesBack) {
  ShardedCache cache(Entries(100, PolicyKind::kAdaptive));
  // Each key is used twice, up to 60 new keys apart: only a wide window sees the second use.
  std::uint64_t hits = 0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    for (const std::uint64_t key : {i + 60, i + (i * 7919) % 60}) {
      const bool hit = cache.Find<int>({0, key}) != nullptr;
      if (!hit) cache.Insert<int>({0, key}, std::make_shared<const int>(0), 1);
      hits += hit && i >= 10000 ? 1 : 0;
    }
  }
  EXPECT_GE(hits, 9000u);
}

TEST(AdaptivePolicy, LeapsWhereOnlyAMuchWiderWindowHits) {
  ShardedCache cache(Entries(500, PolicyKind::kAdaptive));
  // Each key is used twice, 150 new keys apart: a window below 300 entries sees no second use, nor does a
  // slightly larger one.
  std::uint64_t hits = 0;
  for (std::uint64_t i = 0; i < 40000; ++i) {
    for (const std::uint64_t key : {i + 150, i}) {
      const bool hit = cache.Find<int>({0, key}) != nullptr;
      if (!hit) cache.Insert<int>({0, key}, std::make_shared<const int>(0), 1);
      hits += hit && i >= 20000 ? 1 : 0;
    }
  }
  EXPECT_GE(hits, 19000u);
}

class EveryPolicy : public testing::TestWithParam<PolicyKind> {};

TEST_P(EveryPolicy, StaysWithinABudgetThatChanges) {
  SetClock clock;
  CacheOptions options{.policy = GetParam(), .shards = 2, .life_ns = 5000, .clock = &clock};
  ShardedCache cache(options);
  std::uint64_t random = 7;
  const auto next = [&random] {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    return random >> 33;
  };
  for (int step = 0; step < 40000; ++step) {
    if (step % 1000 == 0) {
      cache.SetBudget(next() % 20000);
      ASSERT_LE(cache.counters().bytes, cache.capacity_bytes()) << step;
    }
    const CacheKey key{next() % 3, next() % 500};
    switch (next() % 8) {
      case 0: cache.Invalidate(key); break;
      case 1: cache.InsertAbsent(key); break;
      case 2: cache.InvalidateTag(next() % 50); break;
      case 3:
      case 4: {
        const std::uint64_t size = next() % 300;
        const auto value = std::make_shared<const std::uint64_t>(key.part);
        cache.Insert<std::uint64_t>(key, value, size, {.tags = {next() % 50}});
        break;
      }
      default: {
        const auto found = cache.Find<std::uint64_t>(key);
        if (found != nullptr) {
          ASSERT_EQ(*found, key.part);
        }
      }
    }
    ++clock.now_ns;
    if (step % 16 == 0) {
      ASSERT_LE(cache.counters().bytes, cache.capacity_bytes()) << step;
    }
  }
  EXPECT_GT(cache.counters().evictions, 100u);
  EXPECT_GT(cache.counters().hits, 100u);
  cache.SetBudget(0);
  EXPECT_EQ(cache.counters().entries, 0u);
  EXPECT_EQ(cache.counters().bytes, 0u);
}

TEST_P(EveryPolicy, ServesABudgetOfOneEntry) {
  Letters letters(Entries(1, GetParam()));
  EXPECT_EQ(letters.Access("AABBA"), "mhmhm");
  EXPECT_EQ(letters.cache().counters().entries, 1u);
}

INSTANTIATE_TEST_SUITE_P(, EveryPolicy,
                         testing::Values(PolicyKind::kLru, PolicyKind::kLfu, PolicyKind::kFifo, PolicyKind::kTtl,
                                         PolicyKind::kAdaptive),
                         [](const auto& kind) { return std::string(kPolicyNames[static_cast<std::size_t>(kind.param)]); });

}  // namespace
}  // namespace levee::cache
