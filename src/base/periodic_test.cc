#include "base/periodic.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

namespace levee {
namespace {

using Time = std::chrono::steady_clock;

TEST(Periodic, CallsAgainAndAgain) {
  std::atomic<int> calls = 0;
  const Periodic periodic(1, [&] { ++calls; });
  const auto patience = Time::now() + std::chrono::seconds(30);
  while (calls < 3 && Time::now() < patience) std::this_thread::yield();
  EXPECT_GE(calls, 3);
}

TEST(Periodic, EndsAtOnceAndCallsNoMore) {
  int calls = 0;
  const auto start = Time::now();
  { const Periodic periodic(3'600'000, [&] { ++calls; }); }
  EXPECT_LT(Time::now() - start, std::chrono::minutes(1));
  EXPECT_EQ(calls, 0);
}

TEST(Periodic, WaitsForTheCallThatIsUnderWay) {
  std::atomic<bool> begun = false, ended = false;
  {
    const Periodic periodic(1, [&] {
      begun = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      ended = true;
    });
    while (!begun) std::this_thread::yield();
  }
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace levee
