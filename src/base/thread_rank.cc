#include "base/thread_rank.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace levee {
namespace {

constinit std::atomic<bool> yielding{true};
constinit thread_local bool in_background = false;

// The longest that the system grants; a question's is about 3 ms. Who asks for longer slices has later deadlines.
constexpr std::uint64_t kLongSliceNs = 100'000'000;
constexpr std::uint64_t kUsualSlice = 0;

#ifdef SYS_sched_setattr
// The first version of the system's own struct, which C libraries of today do not have.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

// Of the calling thread; the rest stays as it is. False where the system or the thread's policy knows no slices.
bool SetSlice(std::uint64_t slice_ns) {
  SchedulingAttributes attributes;
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) return false;
  if (attributes.policy != SCHED_OTHER && attributes.policy != SCHED_BATCH) return false;
  attributes.size = sizeof(attributes);
  attributes.runtime_ns = slice_ns;
  return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
}
#else
bool SetSlice(std::uint64_t) { return false; }
#endif

}  // namespace

void SetYielding(bool on) { yielding.store(on, std::memory_order_relaxed); }
bool Yielding() { return yielding.load(std::memory_order_relaxed); }

BackgroundScope::BackgroundScope() : entered_(Yielding() && !in_background && SetSlice(kLongSliceNs)) {
  if (entered_) in_background = true;
}

BackgroundScope::~BackgroundScope() {
  if (!entered_) return;
  in_background = false;
  SetSlice(kUsualSlice);
}

}  // namespace levee
