#include "cache/governor.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "cache/level_options.h"
#include "cache/sharded_cache.h"

namespace levee::cache {
namespace {

constexpr std::uint64_t kTotal = 64 << 10;  // a step is 1 KiB
constexpr std::uint64_t kValueBytes = 16;

ShardedCache MakeLevel() { return ShardedCache(CacheOptions{.shards = 1}); }

// Asks for `keys` keys round about; each miss took `load_ns`.
void Cycle(ShardedCache& cache, std::uint64_t keys, std::int64_t load_ns) {
  for (std::uint64_t key = 0; key < keys; ++key) {
    if (cache.Find<int>({0, key}) != nullptr) continue;
    cache.Insert<int>({0, key}, std::make_shared<const int>(0), kValueBytes, {.load_ns = load_ns});
  }
}

// As long as there is room, a level of `bytes` that is asked round about for slightly more misses all.
std::uint64_t KeysBeyond(std::uint64_t bytes) { return bytes / kValueBytes + 20; }

TEST(Governor, MovesBytesToWhereTheySaveTime) {
  ShardedCache plans = MakeLevel(), results = MakeLevel();
  Governor governor({.total_bytes = kTotal});
  const Membership first(&governor, LevelKind::kPlans, plans), second(&governor, LevelKind::kResults, results);
  const std::uint64_t plans_before = governor.BudgetOf(LevelKind::kPlans);
  const std::uint64_t results_before = governor.BudgetOf(LevelKind::kResults);
  EXPECT_EQ(plans.capacity_bytes(), plans_before);
  const std::uint64_t keys = KeysBeyond(plans_before);
  for (int round = 0; round < 3; ++round) Cycle(plans, keys, 1000);
  ASSERT_EQ(plans.counters().hits, 0u);
  EXPECT_GT(plans.counters().shadow_hits, 50u);
  EXPECT_TRUE(governor.Step());
  EXPECT_EQ(governor.BudgetOf(LevelKind::kPlans), plans_before + governor.step_bytes());
  EXPECT_EQ(governor.BudgetOf(LevelKind::kResults), results_before - governor.step_bytes());
  for (int round = 0; round < 2; ++round) Cycle(plans, keys, 1000);
  EXPECT_GE(plans.counters().hits, keys);
}

TEST(Governor, PrefersTheLevelWhoseMissesCostMore) {
  ShardedCache plans = MakeLevel(), results = MakeLevel();
  Governor governor({.total_bytes = kTotal});
  const Membership first(&governor, LevelKind::kPlans, plans), second(&governor, LevelKind::kResults, results);
  const std::uint64_t results_before = governor.BudgetOf(LevelKind::kResults);
  for (int round = 0; round < 3; ++round) {
    Cycle(plans, KeysBeyond(plans.capacity_bytes()), 50'000);
    Cycle(results, KeysBeyond(results.capacity_bytes()), 1'000);
  }
  EXPECT_TRUE(governor.Step());
  EXPECT_EQ(governor.BudgetOf(LevelKind::kResults), results_before - governor.step_bytes());
}

TEST(Governor, LeavesEachLevelItsLeastAndNeverExceedsTheTotal) {
  std::vector<std::unique_ptr<ShardedCache>> caches;
  Governor governor({.total_bytes = kTotal});
  std::vector<std::unique_ptr<Membership>> members;
  for (const LevelSpec& spec : LevelSpecs()) {
    caches.push_back(std::make_unique<ShardedCache>(CacheOptions{.shards = 1}));
    members.push_back(std::make_unique<Membership>(&governor, spec.kind, *caches.back()));
  }
  for (int step = 0; step < 400; ++step) {
    // One level after the other is pressed for longer than it takes to give it everything.
    ShardedCache& pressed = *caches[static_cast<std::size_t>(step / 60) % caches.size()];
    for (int round = 0; round < 2; ++round) Cycle(pressed, KeysBeyond(pressed.capacity_bytes()), 1'000);
    governor.Step();
    std::uint64_t budgets = 0, held = 0;
    for (std::size_t i = 0; i < caches.size(); ++i) {
      const LevelSpec& spec = LevelSpecs()[i];
      EXPECT_GE(governor.BudgetOf(spec.kind), kTotal / 64 * spec.least) << spec.name;
      EXPECT_EQ(governor.BudgetOf(spec.kind), caches[i]->capacity_bytes()) << spec.name;
      budgets += caches[i]->capacity_bytes();
      held += caches[i]->counters().bytes;
    }
    ASSERT_LE(budgets, kTotal);
    ASSERT_LE(held, kTotal);
  }
  // Columns began with most; the others took it when they were pressed.
  EXPECT_LT(governor.BudgetOf(LevelKind::kColumns), governor.ShareOf(LevelKind::kColumns));
}

TEST(Governor, AFixedSplitStays) {
  ShardedCache plans = MakeLevel(), results = MakeLevel();
  Governor governor({.total_bytes = kTotal, .fixed = true});
  const Membership first(&governor, LevelKind::kPlans, plans), second(&governor, LevelKind::kResults, results);
  for (int round = 0; round < 3; ++round) Cycle(plans, KeysBeyond(plans.capacity_bytes()), 1000);
  EXPECT_FALSE(governor.Step());
  EXPECT_EQ(governor.BudgetOf(LevelKind::kPlans), governor.ShareOf(LevelKind::kPlans));
}

TEST(Governor, ReleasesWhatIsAskedForAndHandsItBackInSteps) {
  for (const bool fixed : {false, true}) {
    ShardedCache columns = MakeLevel(), results = MakeLevel();
    Governor governor({.total_bytes = kTotal, .fixed = fixed});
    const Membership first(&governor, LevelKind::kColumns, columns), second(&governor, LevelKind::kResults, results);
    Cycle(columns, 10'000, 1000);
    Cycle(results, 10'000, 1000);
    const std::uint64_t held = columns.counters().bytes + results.counters().bytes;
    const std::uint64_t released = governor.ReleaseAtLeast(20 << 10);
    EXPECT_GE(released, 20u << 10);
    EXPECT_EQ(columns.counters().bytes + results.counters().bytes, held - released);
    // Never more than there is above the least.
    EXPECT_LE(governor.ReleaseAtLeast(1 << 30), held - released);
    EXPECT_EQ(governor.BudgetOf(LevelKind::kResults), kTotal / 64 * SpecOf(LevelKind::kResults).least);
    EXPECT_EQ(governor.ReleaseAtLeast(1), 0u);
    const std::uint64_t low = columns.capacity_bytes() + results.capacity_bytes();
    EXPECT_TRUE(governor.Step());
    EXPECT_EQ(columns.capacity_bytes() + results.capacity_bytes(), low + governor.step_bytes());
    for (int step = 0; step < 64; ++step) governor.Step();
    EXPECT_EQ(columns.capacity_bytes() + results.capacity_bytes(),
              governor.ShareOf(LevelKind::kColumns) + governor.ShareOf(LevelKind::kResults));
  }
}

TEST(Governor, StepsAndReleasesWhileThreadsReadAndWrite) {
  ShardedCache columns(CacheOptions{}), results(CacheOptions{});
  Governor governor({.total_bytes = kTotal});
  const Membership first(&governor, LevelKind::kColumns, columns), second(&governor, LevelKind::kResults, results);
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 3; ++worker) {
    threads.emplace_back([&, worker] {
      for (int round = 0; round < 200; ++round) {
        Cycle(worker == 0 ? columns : results, 300, 10);
        governor.Tick();
        governor.Step();
        if (round % 20 == 0) governor.ReleaseAtLeast(4'000);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(columns.counters().bytes + results.counters().bytes, kTotal);
  EXPECT_LE(columns.capacity_bytes() + results.capacity_bytes(), kTotal);
}

}  // namespace
}  // namespace levee::cache
