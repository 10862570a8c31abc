// How long threads work between two looks at a cancellation.
#pragma once

#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace levee::fakes {

// Given to a Cancellation with a deadline, it is asked at each look, and never reaches the deadline 1. Keeps the longest
// processor time that a thread took between two looks; other processes do not count. One at a time. Thread-safe.
class LookClock final : public Clock {
 public:
  LookClock() { ++generation; }

  std::int64_t NowMicros() override { return 0; }
  std::int64_t MonotonicNanos() override {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    const std::int64_t now_ns = now.tv_sec * 1'000'000'000 + now.tv_nsec;
    thread_local std::int64_t last_ns = -1, last_generation = -1;
    if (last_generation == generation && now_ns - last_ns > longest_ns) longest_ns = now_ns - last_ns;
    last_ns = now_ns;
    last_generation = generation;
    ++looks;
    return 0;
  }

  std::atomic<std::int64_t> longest_ns = 0, looks = 0;

 private:
  inline static std::atomic<std::int64_t> generation = 0;
};

}  // namespace levee::fakes
