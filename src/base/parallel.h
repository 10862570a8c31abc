// Running independent tasks side by side.
#pragma once

#include <cstddef>
#include <functional>

#include "base/status.h"

namespace levee {

// Calls task(i) for each i in [0, count) on at most `threads` threads (the caller's among them), in
// ascending order of start. The first error stops further starts and is returned.
Status ParallelFor(std::size_t count, int threads, const std::function<Status(std::size_t)>& task);

// The machine's number of processors, at least 1.
int MachineThreads();

}  // namespace levee
