// What leaves a cache before it must: by key, tag, dependency, version, time; negative and packed entries.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "cache/sharded_cache.h"

namespace levee::cache {
namespace {

class SetClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_ns / 1000; }
  std::int64_t MonotonicNanos() override { return now_ns; }
  std::int64_t now_ns = 0;
};

void Put(ShardedCache& cache, const CacheKey& key, const InsertOptions& options = {}) {
  cache.Insert<std::string>(key, std::make_shared<const std::string>("value"), 10, options);
}
bool Has(ShardedCache& cache, const CacheKey& key) { return cache.Probe(key) == Shard::Outcome::kHit; }

TEST(Invalidation, ByKey) {
  ShardedCache cache(1 << 16);
  Put(cache, {1, 1});
  Put(cache, {1, 2});
  cache.Invalidate({1, 1});
  EXPECT_FALSE(Has(cache, {1, 1}));
  EXPECT_TRUE(Has(cache, {1, 2}));
  EXPECT_EQ(cache.counters().invalidations, 1u);
}

TEST(Invalidation, ByTag) {
  ShardedCache cache(1 << 16);
  for (std::uint64_t part = 0; part < 40; ++part) Put(cache, {1, part}, {.tags = {part % 4, 100}});
  cache.InvalidateTag(3);
  for (std::uint64_t part = 0; part < 40; ++part) EXPECT_EQ(Has(cache, {1, part}), part % 4 != 3) << part;
  cache.InvalidateTag(100);
  EXPECT_EQ(cache.counters().entries, 0u);
}

TEST(Invalidation, ByDependencyThroughSeveralSteps) {
  ShardedCache cache(1 << 16);
  Put(cache, {1, 1});
  Put(cache, {1, 2}, {.depends_on = {{1, 1}}});
  Put(cache, {1, 3}, {.depends_on = {{1, 2}}});
  Put(cache, {1, 4});
  Put(cache, {1, 1});  // replaced
  EXPECT_TRUE(Has(cache, {1, 1}));
  EXPECT_FALSE(Has(cache, {1, 2}));
  EXPECT_FALSE(Has(cache, {1, 3}));
  EXPECT_TRUE(Has(cache, {1, 4}));
}

TEST(Invalidation, ByDependencyOnAKeyWithoutAnEntryAndInACircle) {
  ShardedCache cache(1 << 16);
  Put(cache, {1, 2}, {.depends_on = {{9, 9}, {1, 3}}});
  Put(cache, {1, 3}, {.depends_on = {{1, 2}}});
  cache.Invalidate({9, 9});
  EXPECT_EQ(cache.counters().entries, 0u);
}

TEST(Invalidation, ByVersionNowAndLater) {
  ShardedCache cache(1 << 16);
  Put(cache, {1, 1}, {.version = 4});
  Put(cache, {1, 2}, {.version = 5});
  Put(cache, {1, 3});
  Put(cache, {2, 1}, {.version = 4});
  cache.InvalidateOlder(1, 5);
  EXPECT_FALSE(Has(cache, {1, 1}));
  EXPECT_TRUE(Has(cache, {1, 2}));
  EXPECT_TRUE(Has(cache, {1, 3}));
  EXPECT_TRUE(Has(cache, {2, 1}));
  Put(cache, {1, 1}, {.version = 4});
  EXPECT_FALSE(Has(cache, {1, 1}));
  EXPECT_EQ(cache.counters().refused, 1u);
  // An older floor does not lower it.
  cache.InvalidateOlder(1, 2);
  Put(cache, {1, 1}, {.version = 4});
  EXPECT_FALSE(Has(cache, {1, 1}));
}

TEST(Invalidation, ByTime) {
  SetClock clock;
  ShardedCache cache({.budget = 1 << 16, .life_ns = 100, .clock = &clock});
  Put(cache, {1, 1});
  Put(cache, {1, 2}, {.life_ns = 50});
  clock.now_ns = 50;
  EXPECT_TRUE(Has(cache, {1, 1}));
  EXPECT_FALSE(Has(cache, {1, 2}));
  clock.now_ns = 100;
  cache.RemoveExpired();
  EXPECT_EQ(cache.counters().entries, 0u);
  EXPECT_EQ(cache.counters().expirations, 2u);
}

TEST(NegativeEntry, IsKnownToBeAbsentForItsShortLife) {
  SetClock clock;
  ShardedCache cache({.budget = 1 << 16, .negative_life_ns = 5, .clock = &clock});
  EXPECT_EQ(cache.Probe({1, 1}), Shard::Outcome::kMiss);
  cache.InsertAbsent({1, 1});
  EXPECT_EQ(cache.Probe({1, 1}), Shard::Outcome::kAbsent);
  EXPECT_EQ(cache.Find<int>({1, 1}), nullptr);
  EXPECT_EQ(cache.counters().bytes, ShardedCache::kNegativeBytes);
  EXPECT_EQ(cache.counters().negative_hits, 2u);
  clock.now_ns = 5;
  EXPECT_EQ(cache.Probe({1, 1}), Shard::Outcome::kMiss);
  EXPECT_EQ(cache.counters().misses, 2u);
}

// Packs runs of one letter; texts that start with '!' no longer unpack.
class RunCodec final : public ValueCodec {
 public:
  std::optional<Bytes> Pack(const CacheKey&, const void* value) const override {
    const auto& text = *static_cast<const std::string*>(value);
    ByteWriter writer;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find_first_not_of(text[at], at), text.size());
      writer.Put(text[at]);
      writer.PutVarint(end - at);
      at = end;
    }
    return std::move(writer).Take();
  }
  Result<std::shared_ptr<const void>> Unpack(const CacheKey&, ByteSpan packed) const override {
    if (packed.front() == '!') return Fail(ErrorCode::kCorrupt, "text", "no run");
    std::string text;
    for (std::size_t at = 0; at < packed.size(); at += 2) {
      text.append(packed[at + 1], static_cast<char>(packed[at]));
    }
    return std::make_shared<const std::string>(std::move(text));
  }
};

TEST(Compression, KeepsLargeValuesPackedAndChargesWhatTheyTake) {
  const RunCodec codec;
  ShardedCache cache({.budget = 1 << 16, .codec = &codec, .compress_above_bytes = 50});
  const auto text = std::make_shared<const std::string>(std::string(60, 'a') + std::string(60, 'b'));
  cache.Insert<std::string>({1, 1}, text, text->size());
  EXPECT_EQ(cache.counters().packed, 1u);
  EXPECT_EQ(cache.counters().bytes, 4 + sizeof(Bytes));
  const auto found = cache.Find<std::string>({1, 1});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found, *text);
  EXPECT_NE(found, text);
  // At the threshold, and what does not shrink, stay as they are.
  const auto small = std::make_shared<const std::string>(50, 'a');
  cache.Insert<std::string>({1, 2}, small, small->size());
  EXPECT_EQ(cache.Find<std::string>({1, 2}), small);
  std::string mixed;
  for (int i = 0; i < 100; ++i) mixed += i % 2 == 0 ? "x" : "y";
  const auto dense = std::make_shared<const std::string>(mixed);
  cache.Insert<std::string>({1, 3}, dense, dense->size());
  EXPECT_EQ(cache.Find<std::string>({1, 3}), dense);
  EXPECT_EQ(cache.counters().packed, 1u);
}

TEST(Compression, AValueThatDoesNotUnpackIsAMissAndGone) {
  const RunCodec codec;
  ShardedCache cache({.budget = 1 << 16, .codec = &codec, .compress_above_bytes = 50});
  const auto text = std::make_shared<const std::string>(100, '!');
  cache.Insert<std::string>({1, 1}, text, text->size());
  EXPECT_EQ(cache.Find<std::string>({1, 1}), nullptr);
  EXPECT_EQ(cache.counters().entries, 0u);
  EXPECT_EQ(cache.counters().hits, 0u);
  EXPECT_EQ(cache.counters().misses, 1u);
}

}  // namespace
}  // namespace levee::cache
