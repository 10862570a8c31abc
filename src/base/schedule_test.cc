#include "base/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace levee {
namespace {

using Time = std::chrono::steady_clock;

TEST(Schedule, RunsJobsAtTheirIntervals) {
  std::atomic<int> often = 0, never = 0, later = 0;
  Schedule schedule;
  schedule.Add(1, [&] { ++often; });
  schedule.Add(0, [&] { ++never; });
  const std::size_t job = schedule.Add(3'600'000, [&] { ++later; });
  const auto wait_for = [](std::atomic<int>& count, int wanted) {
    for (int i = 0; i < 10'000 && count < wanted; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return count.load();
  };
  EXPECT_GE(wait_for(often, 3), 3);
  EXPECT_EQ(later, 0);
  schedule.SetInterval(job, 1);
  EXPECT_GE(wait_for(later, 2), 2);
  schedule.Stop();
  const int stopped = often;
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(often, stopped);
  EXPECT_EQ(never, 0);
}

TEST(Schedule, EndsAtOnceAndCallsNoMore) {
  int calls = 0;
  const auto start = Time::now();
  {
    Schedule schedule;
    schedule.Add(3'600'000, [&] { ++calls; });
  }
  EXPECT_LT(Time::now() - start, std::chrono::minutes(1));
  EXPECT_EQ(calls, 0);
}

TEST(Schedule, WaitsForTheCallThatIsUnderWay) {
  std::atomic<bool> begun = false, ended = false;
  {
    Schedule schedule;
    schedule.Add(1, [&] {
      begun = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      ended = true;
    });
    while (!begun) std::this_thread::yield();
  }
  EXPECT_TRUE(ended);
}

// Else a job that takes longer than its interval would run all the time.
TEST(Schedule, LeavesAnIntervalAfterEachCall) {
  constexpr auto kInterval = std::chrono::milliseconds(10);
  std::atomic<int> calls = 0;
  Time::time_point ended = Time::now();
  Time::duration shortest = Time::duration::max();
  Schedule schedule;
  schedule.Add(kInterval.count(), [&] {
    shortest = std::min(shortest, Time::now() - ended);
    std::this_thread::sleep_for(2 * kInterval);
    ended = Time::now();
    ++calls;
  });
  const auto patience = Time::now() + std::chrono::seconds(30);
  while (calls < 3 && Time::now() < patience) std::this_thread::sleep_for(kInterval);
  schedule.Stop();
  EXPECT_GE(calls, 3);
  EXPECT_GE(shortest, kInterval);
}

}  // namespace
}  // namespace levee
