#include "catalog/run_merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

#include "base/cancellation.h"
#include "base/clock.h"

namespace levee::catalog {
namespace {

TEST(RunMerge, AgreesWithOneStableSortOfAllRuns) {
  std::mt19937 random(3);
  for (const int threads : {1, 2, 5}) {
    for (const std::size_t count : {0, 1, 2, 9}) {
      std::vector<columnar::EntryOrderKeys> runs(count);
      std::vector<std::tuple<std::string, std::uint64_t, std::uint16_t>> all;
      for (std::uint16_t run = 0; run < count; ++run) {
        std::vector<std::pair<std::string, std::uint64_t>> rows(random() % 300);
        for (auto& row : rows) row = {std::string(1, static_cast<char>('a' + random() % 5)), random() % 4};
        std::sort(rows.begin(), rows.end());
        // Ids in an order of their own.
        runs[run].partitions = {"c", "a", "e", "b", "d"};
        for (const auto& [partition, cluster] : rows) {
          const auto place = std::find(runs[run].partitions.begin(), runs[run].partitions.end(), partition);
          runs[run].partition_ids.push_back(static_cast<std::uint32_t>(place - runs[run].partitions.begin()));
          runs[run].cluster.push_back(cluster);
          all.emplace_back(partition, cluster, run);
        }
      }
      std::sort(all.begin(), all.end());
      std::vector<std::uint16_t> expected;
      for (const auto& row : all) expected.push_back(std::get<2>(row));
      std::vector<const columnar::EntryOrderKeys*> views;
      for (const auto& run : runs) views.push_back(&run);
      EXPECT_EQ(*MergeSortedKeys(views, threads), expected);
    }
  }
}

TEST(RunMerge, EndsWhenItIsCalledOff) {
  columnar::EntryOrderKeys run;
  run.partitions = {"a"};
  run.partition_ids = {0, 0};
  run.cluster = {1, 2};
  Cancellation cancellation(SystemClock());
  cancellation.Cancel();
  const CancellationScope scope{cancellation};
  const auto merged = MergeSortedKeys({&run}, 2);
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace levee::catalog
