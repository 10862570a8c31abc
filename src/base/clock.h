// Time, passed in so that tests can set it.
#pragma once

#include <cstdint>

namespace levee {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01T00:00:00Z.
  virtual std::int64_t NowMicros() = 0;
  // Nanoseconds of a clock that never goes back.
  virtual std::int64_t MonotonicNanos() = 0;
};

// The machine's clock.
Clock& SystemClock();

}  // namespace levee
