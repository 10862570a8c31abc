// A sync looks at the cancellation within commits too, however many lines they have.
#include <gtest/gtest.h>

#include <string>

#include "base/cancellation.h"
#include "catalog/catalog_test_bed.h"
#include "delta/commit_reader.h"
#include "tests/fakes/look_clock.h"

namespace levee::catalog {
namespace {

constexpr int kFiles = 41'000;
constexpr std::int64_t kPromisedNs = 50'000'000;

// 20 MB and more.
std::string GiantCommit() {
  std::string text;
  const std::string filler(300, 'x');
  for (int i = 0; i < kFiles; ++i) {
    text += AddLine({.path = filler + std::to_string(i), .min = i * 10, .max = i * 10 + 9});
  }
  return text;
}

class CalledOffTest : public CatalogTestBed {};

TEST_F(CalledOffTest, ReadingAGiantCommitLooksOftenEnough) {
  const std::string giant = GiantCommit();
  ASSERT_GT(giant.size(), 20U << 20);
  fakes::LookClock clock;
  const CancellationScope scope{Cancellation(clock, 1)};
  const auto commit = delta::ParseCommit(1, giant);
  ASSERT_TRUE(CheckCancelled());
  ASSERT_TRUE(commit) << commit.error().ToString();
  EXPECT_EQ(commit->adds.size(), static_cast<std::size_t>(kFiles));
  EXPECT_GT(clock.looks, 100);
  EXPECT_LT(clock.longest_ns, kPromisedNs);
}

TEST_F(CalledOffTest, ASyncOfAGiantCommitIsCalledOffWithinIt) {
  CommitFile(0);
  ASSERT_TRUE(catalog_->Sync(kTable, std::nullopt, false));
  Commit(1, GiantCommit());
  // Over at the hundredth look, which lies within the lines.
  class LateClock final : public Clock {
   public:
    std::int64_t NowMicros() override { return 0; }
    std::int64_t MonotonicNanos() override { return ++looks_ < 100 ? 0 : 2; }

   private:
    std::atomic<int> looks_ = 0;
  } clock;
  {
    const CancellationScope scope{Cancellation(clock, 1)};
    const auto synced = catalog_->Sync(kTable, std::nullopt, false);
    ASSERT_FALSE(synced);
    EXPECT_EQ(synced.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(synced.error().what, "work");
  }
  EXPECT_EQ(Paths({.version = 0}), "f0");
  const auto synced = catalog_->Sync(kTable, std::nullopt, false);
  ASSERT_TRUE(synced) << synced.error().ToString();
  EXPECT_EQ(synced->files, kFiles + 1);
}

}  // namespace
}  // namespace levee::catalog
