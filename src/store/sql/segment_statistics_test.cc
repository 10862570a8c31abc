// Estimates from sketches and histograms against counts of everything.
#include "store/sql/segment_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;

const types::PrimitiveType kLong{types::TypeKind::kLong, 0, 0};
const ColumnKey kMin{ColumnRole::kMin, "a", kLong};
const ColumnKey kMax{ColumnRole::kMax, "a", kLong};

struct Interval {
  std::int64_t low, high;
};

Batch BatchOf(const std::vector<Interval>& intervals) {
  Batch batch;
  batch.rows = intervals.size();
  ColumnVector low, high;
  for (const Interval& one : intervals) {
    low.PushInt(one.low);
    high.PushInt(one.high);
  }
  batch.columns = {{kMin, low}, {kMax, high}};
  return batch;
}

TEST(DistinctSketch, IsWithinItsBound) {
  std::mt19937_64 random(1);
  for (const std::size_t count : {1u, 5u, 100u, 700u, 1500u, 4000u, 50'000u, 1'000'000u}) {
    double worst = 0;
    for (int trial = 0; trial < 5; ++trial) {
      DistinctSketch sketch, even, odd;
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t hash = random();
        sketch.Add(hash);
        sketch.Add(hash);
        (i % 2 == 0 ? even : odd).Add(hash);
      }
      even.Merge(odd);
      EXPECT_EQ(even.registers(), sketch.registers());
      worst = std::max(worst, std::abs(sketch.Estimate() / static_cast<double>(count) - 1));
    }
    EXPECT_LT(worst, 0.15) << count;
  }
  EXPECT_EQ(DistinctSketch().Estimate(), 0);
}

// Several segments of one shape, merged, against a count of all their entries.
void CheckShape(const std::vector<std::vector<Interval>>& segments, double error_max) {
  StatisticsMerger merger;
  std::vector<Interval> all;
  std::set<std::int64_t> distinct;
  for (const auto& segment : segments) {
    const auto made = MakeStatistics(BatchOf(segment));
    ASSERT_EQ(made.size(), 1u);
    const auto read = DecodeStatistics(EncodeStatistics(made), "x");
    ASSERT_TRUE(read) << read.error().ToString();
    merger.Add(read->at(0));
    all.insert(all.end(), segment.begin(), segment.end());
    for (const Interval& one : segment) distinct.insert(one.low);
  }
  const ColumnStatistics statistics = merger.Take();
  EXPECT_EQ(statistics.entries, static_cast<std::int64_t>(all.size()));
  EXPECT_EQ(statistics.known, static_cast<std::int64_t>(all.size()));
  EXPECT_NEAR(statistics.distinct / static_cast<double>(distinct.size()), 1, 0.15);
  EXPECT_TRUE(std::ranges::is_sorted(statistics.lower.ints));
  EXPECT_TRUE(std::ranges::is_sorted(statistics.upper.ints));
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    const std::int64_t low = all[random() % all.size()].low;
    const std::int64_t high = std::max(low, i % 2 == 0 ? low : all[random() % all.size()].high);
    const auto meets = std::ranges::count_if(all, [&](const Interval& one) { return one.low <= high && one.high >= low; });
    const double share = static_cast<double>(meets) / static_cast<double>(all.size());
    EXPECT_NEAR(ShareMeeting(statistics, low, high), share, error_max) << low << " to " << high;
    EXPECT_NEAR(ShareMeeting(statistics, std::nullopt, high),
                static_cast<double>(std::ranges::count_if(all, [&](const Interval& one) { return one.low <= high; })) /
                    static_cast<double>(all.size()), error_max);
  }
  EXPECT_EQ(ShareMeeting(statistics, std::nullopt, std::nullopt), 1);
}

TEST(SegmentStatistics, SharesAreNearTheTruth) {
  std::mt19937_64 random(2);
  std::exponential_distribution<double> exponential(1e-5);
  std::vector<std::vector<Interval>> uniform(4), skewed(3), wide(2), few(3), apart(4);
  for (int i = 0; i < 20'000; ++i) {
    const auto draw = [&](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
    const std::int64_t at = draw(1'000'000'000);
    uniform[static_cast<std::size_t>(i) % 4].push_back({at, at + draw(30'000)});
    const auto tail = static_cast<std::int64_t>(exponential(random));
    skewed[static_cast<std::size_t>(i) % 3].push_back({tail, tail + draw(1000)});
    wide[static_cast<std::size_t>(i) % 2].push_back({draw(1000), 500 + draw(1000)});
    const std::int64_t step = 10 * draw(8);
    few[static_cast<std::size_t>(i) % 3].push_back({step, step});
    const std::int64_t segment = i % 4;
    apart[static_cast<std::size_t>(segment)].push_back({segment * 1'000'000 + i, segment * 1'000'000 + i + 5});
  }
  for (auto& one : wide[0]) one.high = std::max(one.low, one.high);
  for (auto& one : wide[1]) one.high = std::max(one.low, one.high);
  CheckShape(uniform, 0.05);
  CheckShape(skewed, 0.05);
  CheckShape(wide, 0.06);
  CheckShape(few, 0.06);
  CheckShape(apart, 0.05);
}

TEST(SegmentStatistics, CorrelationSaysHowEntriesFollowAColumn) {
  std::mt19937_64 random(5);
  std::vector<Interval> rising, falling, scattered;
  for (int i = 0; i < 10'000; ++i) {
    rising.push_back({i, i});
    falling.push_back({-i, -i});
    const auto at = static_cast<std::int64_t>(random() % 1000);
    scattered.push_back({at, at});
  }
  EXPECT_NEAR(MakeStatistics(BatchOf(rising)).at(0).correlation, 1, 1e-9);
  EXPECT_NEAR(MakeStatistics(BatchOf(falling)).at(0).correlation, -1, 1e-9);
  EXPECT_NEAR(MakeStatistics(BatchOf(scattered)).at(0).correlation, 0, 0.1);
}

TEST(SegmentStatistics, CountsWhatIsUnknownAndTakesPartitionsAndTexts) {
  Batch batch;
  batch.rows = 5000;
  ColumnVector low, high, part;
  part.physical = types::PhysicalType::kString;
  for (std::int64_t i = 0; i < 5000; ++i) {
    i % 4 == 0 ? low.PushNull() : low.PushInt(i);
    i % 4 == 0 ? high.PushNull() : high.PushInt(i);
    part.PushString("region-of-a-long-name-" + std::to_string(i % 7));
  }
  const ColumnKey part_key{ColumnRole::kPartition, "p", {types::TypeKind::kString, 0, 0}};
  batch.columns = {{kMin, low}, {kMax, high}, {part_key, part}};
  const auto made = MakeStatistics(batch);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_NEAR(static_cast<double>(made[0].known), 3750, 200);
  EXPECT_EQ(made[1].key, part_key);
  EXPECT_NEAR(made[1].distinct.Estimate(), 7, 0.5);
  EXPECT_EQ(made[1].lower.strings[0], "region-of-a-long");
  // A column of which nothing is known has none.
  batch.columns.erase(batch.columns.begin() + 1);
  EXPECT_EQ(MakeStatistics(batch).size(), 1u);
}

TEST(SegmentStatistics, EveryFlippedBitIsNoticedAndAColumnTakesLessThanAKilobyte) {
  std::mt19937_64 random(9);
  std::vector<Interval> intervals;
  for (int i = 0; i < 5000; ++i) intervals.push_back({static_cast<std::int64_t>(random()), 0});
  for (Interval& one : intervals) one.high = one.low;
  const Bytes blob = EncodeStatistics(MakeStatistics(BatchOf(intervals)));
  EXPECT_LE(blob.size(), 1280u);
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    Bytes damaged = blob;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    const auto read = DecodeStatistics(damaged, "the blob");
    ASSERT_FALSE(read) << "bit " << bit;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(read.error().what, "the blob");
  }
}

}  // namespace
}  // namespace levee::store
