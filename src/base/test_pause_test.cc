#include "base/test_pause.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace levee {
namespace {

// Reaches "publish" twice and "compaction" once, with a fifth of a second to live.
void Reach(const char* wanted) {
  if (wanted != nullptr) ::setenv("LEVEE_TEST_PAUSE", wanted, 1);
  ::ualarm(200'000, 0);
  PauseForTest("publish");
  std::fputs("one,", stderr);
  PauseForTest("compaction");
  std::fputs("two,", stderr);
  PauseForTest("publish");
  std::fputs("three", stderr);
  ::_exit(0);
}

TEST(TestPauseDeathTest, SleepsAtTheNthCallOfItsPoint) {
  EXPECT_EXIT(Reach("publish"), ::testing::KilledBySignal(SIGALRM), "^levee: paused at publish");
  EXPECT_EXIT(Reach("publish:2"), ::testing::KilledBySignal(SIGALRM), "one,two,levee: paused at publish");
  EXPECT_EXIT(Reach("compaction"), ::testing::KilledBySignal(SIGALRM), "one,levee: paused at compaction");
}

TEST(TestPauseDeathTest, GoesOnOtherwise) {
  EXPECT_EXIT(Reach(nullptr), ::testing::ExitedWithCode(0), "one,two,three");
  EXPECT_EXIT(Reach(""), ::testing::ExitedWithCode(0), "one,two,three");
  EXPECT_EXIT(Reach("publish:3"), ::testing::ExitedWithCode(0), "one,two,three");
  EXPECT_EXIT(Reach("pub"), ::testing::ExitedWithCode(0), "one,two,three");
}

}  // namespace
}  // namespace levee
