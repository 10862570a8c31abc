#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace levee {
namespace {

TEST(ParallelFor, RunsEachTaskOnce) {
  for (const int threads : {0, 1, 2, 5}) {
    std::vector<std::atomic<int>> runs(1'000);
    ASSERT_TRUE(ParallelFor(runs.size(), threads, [&](std::size_t i) -> Status {
      ++runs[i];
      return {};
    }));
    for (const auto& count : runs) ASSERT_EQ(count, 1);
  }
}

TEST(ParallelFor, StopsAtAnError) {
  std::atomic<int> started{0};
  const Status status = ParallelFor(100'000, 2, [&](std::size_t i) -> Status {
    ++started;
    if (i == 10) return Fail(ErrorCode::kIo, "task", "ten");
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().why, "ten");
  EXPECT_LT(started, 100'000);
}

TEST(ParallelFor, NoTasksNoError) {
  EXPECT_TRUE(ParallelFor(0, 4, [](std::size_t) { return Status(Fail(ErrorCode::kIo, "never", "run")); }));
}

}  // namespace
}  // namespace levee
