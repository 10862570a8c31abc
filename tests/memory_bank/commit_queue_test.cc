// Group commit: writers that wait together become one transaction, as large as the time that it should take.
#include "memory/bank/commit_queue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory {
namespace {

// How many requests each transaction had. The first waits until all writers are there; each takes a millisecond a request
// by the clock, after waiting for a lock for so many, and long enough that others wait meanwhile.
std::vector<std::size_t> GroupsOf(int writers, int requests_each, const CommitQueue::Options& options, int lock_ms = 0) {
  memory_bank::StandingClock clock;
  std::vector<std::size_t> groups;
  std::atomic<int> arrived{0};
  CommitQueue queue(
      [&](std::span<WriteRequest* const> requests) {
        if (groups.empty()) {
          while (arrived < writers) std::this_thread::yield();
          std::this_thread::sleep_for(std::chrono::milliseconds(100));  // from arriving to waiting it is a lock away
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        groups.push_back(requests.size());
        clock.Move((static_cast<std::int64_t>(requests.size()) + lock_ms) * 1'000);
        return lock_ms * std::int64_t{1'000'000};
      },
      clock, options);
  std::vector<std::jthread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&] {
      ++arrived;
      for (int i = 0; i < requests_each; ++i) {
        WriteRequest request;
        request.operations.emplace_back(ItemRemoval{.id = "a", .expected_version = {}});
        queue.Write(request);
      }
    });
  }
  threads.clear();
  return groups;
}

TEST(CommitQueue, WhoWaitsTogetherIsOneTransaction) {
  const std::vector<std::size_t> groups = GroupsOf(30, 1, {});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0] + groups[1], 30u);
}

TEST(CommitQueue, WithoutGroupingEachIsOne) {
  EXPECT_EQ(GroupsOf(10, 1, {.grouping = false}), std::vector<std::size_t>(10, 1));
}

TEST(CommitQueue, ATransactionTakesAsLongAsItShould) {
  const std::vector<std::size_t> groups = GroupsOf(30, 5, {.latency_ms = 8});
  // The second has all that waited for the first, is late, and tells what a request costs.
  ASSERT_GT(groups.size(), 10u);
  EXPECT_GT(groups[1], 8u);
  EXPECT_EQ(*std::max_element(groups.begin() + 2, groups.end()), 8u);
}

// Another process writes half a second at a time: that says nothing of what a request costs.
TEST(CommitQueue, WaitingForTheLockDoesNotShrinkGroups) {
  const std::vector<std::size_t> groups = GroupsOf(30, 5, {.latency_ms = 8}, 500);
  ASSERT_GT(groups.size(), 10u);
  EXPECT_EQ(*std::max_element(groups.begin() + 2, groups.end()), 8u);
}

}  // namespace
}  // namespace levee::memory
