// operator new of this program, which can be told to fail.
#pragma once

#include <cstdint>

namespace levee::injection {

// The n-th allocation from now on, of any thread, throws std::bad_alloc; the others succeed. 0: none fails.
void FailAllocation(std::int64_t nth);
// Whether it was reached.
bool AllocationFailed();

}  // namespace levee::injection
