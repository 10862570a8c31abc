// Loading through the cache, by several threads at once.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "cache/sharded_cache.h"

namespace levee::cache {
namespace {

using Load = std::function<Result<Loaded<std::string>>()>;

Loaded<std::string> Text(std::string text, InsertOptions options = {}) {
  return {std::make_shared<const std::string>(std::move(text)), 10, std::move(options)};
}

// Runs `first` in another thread and `meanwhile` while it loads; returns what it loaded.
std::string LoadWhile(ShardedCache& cache, const CacheKey& key, const Loaded<std::string>& loaded,
                      const std::function<void()>& meanwhile) {
  std::latch loading(1), done(1);
  std::string text;
  std::jthread loader([&] {
    const auto got = cache.GetOrLoad<std::string>(key, [&]() -> Result<Loaded<std::string>> {
      loading.count_down();
      done.wait();
      return loaded;
    });
    text = got && *got ? **got : "nothing";
  });
  loading.wait();
  meanwhile();
  done.count_down();
  loader.join();
  return text;
}

TEST(GetOrLoad, EqualLoadsAtOnceRunOnce) {
  ShardedCache cache(1 << 16);
  constexpr int kThreads = 8;
  std::atomic<int> runs = 0;
  std::latch ready(kThreads);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      ready.arrive_and_wait();
      for (std::uint64_t key = 0; key < 200; ++key) {
        const auto got = cache.GetOrLoad<std::string>({1, key}, [&]() -> Result<Loaded<std::string>> {
          ++runs;
          std::this_thread::yield();
          return Text(std::to_string(key));
        });
        ASSERT_TRUE(got);
        ASSERT_EQ(**got, std::to_string(key));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(runs, 200);
  const CacheCounters counters = cache.counters();
  EXPECT_EQ(counters.loads, 200u);
  EXPECT_EQ(counters.hits + counters.misses, 200u * kThreads);
}

TEST(GetOrLoad, WhoWaitsForALoadThatIsCalledOffLoadsByItself) {
  ShardedCache cache(1 << 16);
  std::latch loading(1);
  std::jthread pilot([&] {
    const auto got = cache.GetOrLoad<std::string>({1, 1}, [&]() -> Result<Loaded<std::string>> {
      loading.count_down();
      while (cache.counters().shared_loads == 0) std::this_thread::yield();
      return Fail(ErrorCode::kCancelled, "work", "it was cancelled");
    });
    EXPECT_FALSE(got);
  });
  loading.wait();
  const auto got = cache.GetOrLoad<std::string>({1, 1}, [] { return Text("own"); });
  ASSERT_TRUE(got) << got.error().ToString();
  EXPECT_EQ(**got, "own");
}

TEST(GetOrLoad, ErrorsAreNotKeptButSharedByThoseWhoWait) {
  ShardedCache cache(1 << 16);
  int runs = 0;
  const Load failing = [&runs]() -> Result<Loaded<std::string>> {
    ++runs;
    return Fail(ErrorCode::kIo, "disk", "gone");
  };
  EXPECT_EQ(cache.GetOrLoad<std::string>({1, 1}, failing).error().code, ErrorCode::kIo);
  EXPECT_EQ(cache.GetOrLoad<std::string>({1, 1}, failing).error().code, ErrorCode::kIo);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(cache.counters().load_errors, 2u);
  EXPECT_EQ(cache.counters().entries, 0u);
}

TEST(GetOrLoad, RemembersThatThereIsNothing) {
  ShardedCache cache(1 << 16);
  int runs = 0;
  const Load nothing = [&runs]() -> Result<Loaded<std::string>> {
    ++runs;
    return Loaded<std::string>{};
  };
  for (int i = 0; i < 3; ++i) {
    const auto got = cache.GetOrLoad<std::string>({1, 1}, nothing);
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, nullptr);
  }
  EXPECT_EQ(runs, 1);
}

TEST(GetOrLoad, WaitingHasADeadline) {
  ShardedCache cache(1 << 16);
  LoadWhile(cache, {1, 1}, Text("late"), [&cache] {
    const auto got = cache.GetOrLoad<std::string>(
        {1, 1}, []() -> Result<Loaded<std::string>> { return Text("not run"); }, 1'000'000);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ErrorCode::kCancelled);
  });
  EXPECT_EQ(*cache.Find<std::string>({1, 1}), "late");
}

TEST(GetOrLoad, ALoadThatAsksForItsOwnKeyFails) {
  ShardedCache cache(1 << 16);
  const Load inner = []() -> Result<Loaded<std::string>> { return Text("inner"); };
  const auto got = cache.GetOrLoad<std::string>({1, 1}, [&]() -> Result<Loaded<std::string>> {
    LEVEE_ASSIGN(const auto value, cache.GetOrLoad<std::string>({1, 1}, inner));
    return Text(*value);
  });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kInternal);
}

TEST(GetOrLoad, ALoadThatThrowsLeavesNobodyWaiting) {
  ShardedCache cache(1 << 16);
  const Load throwing = []() -> Result<Loaded<std::string>> { throw std::runtime_error("out of range"); };
  EXPECT_THROW((void)cache.GetOrLoad<std::string>({1, 1}, throwing), std::runtime_error);
  const auto got = cache.GetOrLoad<std::string>({1, 1}, []() -> Result<Loaded<std::string>> { return Text("again"); });
  EXPECT_EQ(**got, "again");
}

TEST(GetOrLoad, DoesNotKeepWhatWasInvalidatedWhileItLoaded) {
  ShardedCache cache(1 << 16);
  EXPECT_EQ(LoadWhile(cache, {1, 1}, Text("old"), [&] { cache.Invalidate({1, 1}); }), "old");
  EXPECT_EQ(cache.Find<std::string>({1, 1}), nullptr);
  LoadWhile(cache, {1, 2}, Text("old", {.tags = {7}}), [&] { cache.InvalidateTag(7); });
  EXPECT_EQ(cache.Find<std::string>({1, 2}), nullptr);
  LoadWhile(cache, {1, 3}, Text("old", {.depends_on = {{5, 5}}}), [&] { cache.Invalidate({5, 5}); });
  EXPECT_EQ(cache.Find<std::string>({1, 3}), nullptr);
  LoadWhile(cache, {1, 4}, Text("old", {.version = 1}), [&] { cache.InvalidateOlder(1, 2); });
  EXPECT_EQ(cache.Find<std::string>({1, 4}), nullptr);
  LoadWhile(cache, {1, 5}, Text("old"), [&] { cache.Clear(); });
  EXPECT_EQ(cache.Find<std::string>({1, 5}), nullptr);
  EXPECT_EQ(cache.counters().refused, 5u);
  LoadWhile(cache, {1, 8}, Text("old"), [&] {
    cache.Insert<std::string>({1, 8}, std::make_shared<const std::string>("written"), 10);
  });
  EXPECT_EQ(*cache.Find<std::string>({1, 8}), "written");
  // What has nothing to do with it is kept.
  LoadWhile(cache, {1, 6}, Text("kept", {.tags = {8}}), [&] {
    cache.InvalidateTag(7);
    cache.Invalidate({1, 7});
  });
  EXPECT_NE(cache.Find<std::string>({1, 6}), nullptr);
}

TEST(GetOrLoad, NobodyJoinsALoadThatBeganBeforeAnInvalidation) {
  ShardedCache cache(1 << 16);
  const Load fresh = []() -> Result<Loaded<std::string>> { return Text("new"); };
  LoadWhile(cache, {1, 1}, Text("old"), [&] {
    cache.Invalidate({1, 1});
    EXPECT_EQ(**cache.GetOrLoad<std::string>({1, 1}, fresh), "new");
  });
  EXPECT_EQ(*cache.Find<std::string>({1, 1}), "new");
}

TEST(GetOrLoad, ALoadMayLoadWhatItDependsOn) {
  ShardedCache cache(1 << 16);
  const auto got = cache.GetOrLoad<std::string>({1, 1}, [&]() -> Result<Loaded<std::string>> {
    LEVEE_ASSIGN(const auto part, cache.GetOrLoad<std::string>(
                                      {1, 2}, []() -> Result<Loaded<std::string>> { return Text("part"); }));
    return Text(*part + " of it", {.depends_on = {{1, 2}}});
  });
  EXPECT_EQ(**got, "part of it");
  EXPECT_NE(cache.Find<std::string>({1, 1}), nullptr);
  cache.Invalidate({1, 2});
  EXPECT_EQ(cache.Find<std::string>({1, 1}), nullptr);
}

TEST(ShardedCache, EverythingAtOnceFromSeveralThreads) {
  for (const PolicyKind policy : {PolicyKind::kLru, PolicyKind::kLfu, PolicyKind::kTtl, PolicyKind::kAdaptive}) {
    ShardedCache cache({.budget = 4000, .policy = policy, .shards = 2});
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
      threads.emplace_back([&cache, t] {
        std::uint64_t random = t + 1;
        for (int i = 0; i < 4000; ++i) {
          random = random * 6364136223846793005ULL + 1442695040888963407ULL;
          const CacheKey key{1, (random >> 40) % 60};
          switch ((random >> 33) % 24) {
            case 0: cache.Invalidate(key); break;
            case 1: cache.InvalidateTag(key.part % 5); break;
            case 2: cache.SetBudget(2000 + key.part * 50); break;
            case 3: cache.RemoveExpired(); break;
            case 4: EXPECT_LE(cache.counters().bytes, 5000u); break;
            case 5:
              (void)cache.GetOrLoad<std::string>(key, [&key]() -> Result<Loaded<std::string>> {
                return Text(std::to_string(key.part), {.tags = {key.part % 5}, .depends_on = {{1, key.part / 2 + 70}}});
              });
              break;
            default:
              if (const auto found = cache.Find<std::string>(key)) {
                ASSERT_EQ(*found, std::to_string(key.part));
              }
          }
        }
      });
    }
    threads.clear();
    const CacheCounters counters = cache.counters();
    EXPECT_GT(counters.hits, 0u);
    EXPECT_LE(counters.bytes, cache.capacity_bytes());
  }
}

}  // namespace
}  // namespace levee::cache
