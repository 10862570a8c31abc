#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace levee {
namespace {

// Shared by the threads of one ParallelFor.
struct Work {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  Status first_error;  // guarded by mutex
};

void RunTasks(Work& work, std::size_t count, const std::function<Status(std::size_t)>& task) {
  while (!work.failed.load(std::memory_order_relaxed)) {
    const std::size_t i = work.next.fetch_add(1);
    if (i >= count) return;
    Status status = task(i);
    if (status) continue;
    const std::lock_guard lock(work.mutex);
    if (work.first_error) work.first_error = std::move(status);
    work.failed = true;
  }
}

}  // namespace

Status ParallelFor(std::size_t count, int threads, const std::function<Status(std::size_t)>& task) {
  Work work;
  const std::size_t helpers = std::min<std::size_t>(count, std::max(threads, 1));
  {
    std::vector<std::jthread> pool;
    for (std::size_t i = 1; i < helpers; ++i) {
      pool.emplace_back([&] { RunTasks(work, count, task); });
    }
    RunTasks(work, count, task);
  }
  return work.first_error;
}

int MachineThreads() {
  // Asking the system opens a file each time.
  static const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return threads;
}

}  // namespace levee
