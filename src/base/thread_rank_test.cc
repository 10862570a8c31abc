#include "base/thread_rank.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <thread>

namespace levee {
namespace {

// The slice that the calling thread asks for, as sched_getattr tells: at bytes 24 to 31. 0: the system does not say.
std::uint64_t SliceNs() {
  std::array<unsigned char, 48> attributes{};
  if (syscall(SYS_sched_getattr, 0, attributes.data(), attributes.size(), 0) != 0) return 0;
  std::uint64_t slice_ns = 0;
  std::memcpy(&slice_ns, attributes.data() + 24, sizeof(slice_ns));
  return slice_ns;
}

TEST(BackgroundScope, AsksForLongSlicesWhileItStands) {
  std::jthread([] {
    const std::uint64_t usual_ns = SliceNs();
    if (usual_ns == 0) GTEST_SKIP() << "the system knows no slices";
    {
      const BackgroundScope outer;
      EXPECT_TRUE(outer.entered());
      EXPECT_EQ(SliceNs(), 100'000'000u);
      {
        const BackgroundScope inner;
        EXPECT_FALSE(inner.entered());
      }
      EXPECT_EQ(SliceNs(), 100'000'000u);
    }
    EXPECT_EQ(SliceNs(), usual_ns);
    SetYielding(false);
    {
      const BackgroundScope off;
      EXPECT_EQ(SliceNs(), usual_ns);
    }
    SetYielding(true);
  });
}

TEST(BackgroundScope, LeavesTheThreadsNiceAlone) {
  std::jthread([] {
    const auto thread = static_cast<id_t>(syscall(SYS_gettid));
    ASSERT_EQ(setpriority(PRIO_PROCESS, thread, 7), 0);
    { const BackgroundScope background; EXPECT_EQ(getpriority(PRIO_PROCESS, thread), 7); }
    EXPECT_EQ(getpriority(PRIO_PROCESS, thread), 7);
  });
}

}  // namespace
}  // namespace levee
