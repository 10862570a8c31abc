// Running independent tasks side by side, on the process's pool (docs/pool.md).
#pragma once

#include <cstddef>
#include <functional>

#include "base/cancellation.h"
#include "base/pool.h"
#include "base/status.h"

namespace levee {

struct LoopOptions {
  int threads = 1;                        // at work at once at most, the caller's among them
  Priority priority = Priority::kImport;  // outside of other pieces; within one, that one's is taken over
  Cancellation cancellation;              // looked at before each task
  Pool* pool = nullptr;                   // null: the process's own
};

// Calls task(i) for each i in [0, count), in ascending order of start. The caller works too, so there is no
// need for a thread to be free. The first error stops further starts and is returned, an exception is thrown
// on; both once all tasks that were begun have ended.
Status ParallelFor(std::size_t count, const LoopOptions& options,
                   const std::function<Status(std::size_t)>& task);
Status ParallelFor(std::size_t count, int threads, const std::function<Status(std::size_t)>& task);

// The machine's number of processors, at least 1.
int MachineThreads();

}  // namespace levee
