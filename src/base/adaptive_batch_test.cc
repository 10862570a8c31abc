#include "base/adaptive_batch.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace levee {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

class FakeClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_ns / 1000; }
  std::int64_t MonotonicNanos() override { return now_ns; }
  std::int64_t now_ns = 0;
};

// A store that takes a fixed time for each transaction and each item, by the fake clock.
struct FakeStore {
  FakeClock& clock;
  std::int64_t transaction_ns = 0, item_ns = 0;
  void Write(std::size_t items) { clock.now_ns += transaction_ns + item_ns * static_cast<std::int64_t>(items); }
};

// The time of the last of `batches` full batches.
std::int64_t LastBatchNs(AdaptiveBatch& batch, FakeStore store, int batches) {
  std::int64_t last_ns = 0;
  for (int i = 0; i < batches; ++i) {
    const std::int64_t start_ns = store.clock.MonotonicNanos();
    const std::size_t items = batch.size();
    store.Write(items);
    last_ns = store.clock.MonotonicNanos() - start_ns;
    batch.Took(items, last_ns);
  }
  return last_ns;
}

TEST(AdaptiveBatch, GrowsTowardsTheTargetAtMostTwofoldEachTime) {
  FakeClock clock;
  AdaptiveBatch batch({.target_ns = 50 * kMillisecond, .first = 100, .least = 10, .most = 1'000'000});
  const FakeStore store{clock, 0, 1000};  // 50,000 items fit
  EXPECT_EQ(LastBatchNs(batch, store, 1), 100 * 1000);
  EXPECT_EQ(batch.size(), 200u);
  LastBatchNs(batch, store, 1);
  EXPECT_EQ(batch.size(), 400u);
  EXPECT_NEAR(static_cast<double>(LastBatchNs(batch, store, 20)), 50.0 * kMillisecond, 0.05 * 50 * kMillisecond);
}

TEST(AdaptiveBatch, ShrinksWhenTheStoreGetsSlower) {
  FakeClock clock;
  AdaptiveBatch batch({.target_ns = 50 * kMillisecond, .first = 50'000, .least = 10, .most = 1'000'000});
  LastBatchNs(batch, {clock, 0, 1000}, 5);
  EXPECT_NEAR(static_cast<double>(LastBatchNs(batch, {clock, 0, 10'000}, 8)), 50.0 * kMillisecond,
              0.1 * 50 * kMillisecond);
}

TEST(AdaptiveBatch, KeepsWithinItsBounds) {
  FakeClock clock;
  AdaptiveBatch batch({.target_ns = 50 * kMillisecond, .first = 100, .least = 10, .most = 300});
  LastBatchNs(batch, {clock, 0, 1}, 20);
  EXPECT_EQ(batch.size(), 300u);
  LastBatchNs(batch, {clock, 0, 100 * kMillisecond}, 20);
  EXPECT_EQ(batch.size(), 10u);
}

TEST(AdaptiveBatch, SmallBatchesTellOnlyOfLateness) {
  AdaptiveBatch batch({.target_ns = 50 * kMillisecond, .first = 1000, .least = 10, .most = 4000});
  batch.Took(3, 40 * kMillisecond);  // a transaction's fixed costs
  EXPECT_EQ(batch.size(), 1000u);
  batch.Took(100, 100 * kMillisecond);
  EXPECT_EQ(batch.size(), 50u);
}

TEST(AdaptiveBatch, WithoutATargetTheSizeStays) {
  AdaptiveBatch batch({.first = 256, .least = 1, .most = 1000});
  batch.Took(256, 1'000 * kMillisecond);
  EXPECT_EQ(batch.size(), 256u);
}

}  // namespace
}  // namespace levee
