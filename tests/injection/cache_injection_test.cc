// A cache whose allocations fail at any point holds what it says it holds, and goes on.
#include <gtest/gtest.h>

#include <memory>
#include <new>

#include "cache/sharded_cache.h"
#include "tests/injection/failing_new.h"

namespace levee::injection {
namespace {

using cache::CacheKey;
using cache::PolicyKind;

class CacheInjection : public testing::TestWithParam<PolicyKind> {
 protected:
  void TearDown() override { FailAllocation(0); }
};

// Look-ups and insertions with evictions, tags and replacements; whether all of them were let through.
void Use(cache::ShardedCache& cache, std::uint64_t rounds) {
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const CacheKey key{1, i * 7 % 190};
    if (const auto found = cache.Find<std::uint64_t>(key)) {
      ASSERT_EQ(*found, key.part);
      if (i % 11 != 0) continue;
    }
    cache::InsertOptions options;
    if (i % 3 == 0) options.tags.push_back(i % 5);
    cache.Insert<std::uint64_t>(key, std::make_shared<const std::uint64_t>(key.part), 1, options);
    if (i % 97 == 0) cache.InvalidateTag(i % 5);
  }
}

TEST_P(CacheInjection, HoldsTogetherAfterEachAllocation) {
  std::int64_t failures = 0;
  for (std::int64_t nth = 1;; ++nth) {
    cache::ShardedCache cache({.budget = 90, .charging = cache::Charging::kEntries, .policy = GetParam(), .shards = 1});
    FailAllocation(nth);
    try {
      Use(cache, 600);
    } catch (const std::bad_alloc&) {
      ++failures;
    }
    const bool failed = AllocationFailed();
    FailAllocation(0);
    ASSERT_NO_FATAL_FAILURE(Use(cache, 1'000)) << "after allocation " << nth;
    const cache::CacheCounters counters = cache.counters();
    std::uint64_t held = 0;
    for (std::uint64_t item = 0; item < 190; ++item) held += cache.Find<std::uint64_t>({1, item}) != nullptr;
    ASSERT_EQ(held, counters.entries) << "after allocation " << nth;
    ASSERT_LE(counters.bytes, 90u);
    if (!failed) break;
  }
  EXPECT_GT(failures, 200);
}

INSTANTIATE_TEST_SUITE_P(Policies, CacheInjection,
                         testing::Values(PolicyKind::kLru, PolicyKind::kLfu, PolicyKind::kFifo, PolicyKind::kTtl,
                                         PolicyKind::kAdaptive));

}  // namespace
}  // namespace levee::injection
