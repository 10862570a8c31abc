// A fault point for crash tests: it stops the process at a named place, so that a test can kill it there.
#pragma once

#include <string_view>

namespace levee {

// Does nothing unless the environment has LEVEE_TEST_PAUSE=POINT or POINT:N when it is first reached.
// Then the Nth call with that point (the first, without N) prints "levee: paused at POINT" to standard
// error and sleeps for a minute. Thread-safe.
void PauseForTest(std::string_view point);

}  // namespace levee
