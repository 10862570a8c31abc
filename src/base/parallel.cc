#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

namespace levee {
namespace {

using Task = std::function<Status(std::size_t)>;

// One ParallelFor. Tickets for it may outlive it; the task, which is the caller's, does not.
class Loop final : public SharedWork {
 public:
  Loop(std::size_t count, const Task& task, const Cancellation& cancellation)
      : count_(count), task_(task), cancellation_(cancellation), callers_(CurrentCancellation()) {}

  void Help() override {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      ++running_;
    }
    {
      const CancellationScope scope(callers_);
      RunTasks();
    }
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) ended_.notify_all();
  }

  // What the caller does: its share, then waiting for those who came to help.
  Status RunToEnd(Priority priority) {
    {
      const PriorityScope scope(priority);
      RunTasks();
    }
    std::unique_lock lock(mutex_);
    closed_ = true;
    ended_.wait(lock, [&] { return running_ == 0; });
    if (exception_) std::rethrow_exception(exception_);
    return std::move(first_error_);
  }

 private:
  void RunTasks() {
    while (!failed_.load(std::memory_order_relaxed)) {
      // What was cancelled after the last task began was done all the same.
      if (next_.load(std::memory_order_relaxed) >= count_) return;
      if (Status status = cancellation_.Check(); !status) return Stop(std::move(status), nullptr);
      if (Status status = CheckCancelled(); !status) return Stop(std::move(status), nullptr);
      const std::size_t i = next_.fetch_add(1);
      if (i >= count_) return;
      RunTask(i);
    }
  }

  void RunTask(std::size_t i) {
    try {
      Status status = task_(i);
      if (!status) Stop(std::move(status), nullptr);
    } catch (...) {
      Stop({}, std::current_exception());
    }
  }

  void Stop(Status status, std::exception_ptr exception) {
    const std::lock_guard lock(mutex_);
    if (!failed_) {
      first_error_ = std::move(status);
      exception_ = std::move(exception);
    }
    failed_ = true;
  }

  const std::size_t count_;
  const Task& task_;
  const Cancellation cancellation_;
  const Cancellation callers_;  // of the scope that the loop began in
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::condition_variable ended_;
  // Guarded by mutex_.
  std::size_t running_ = 0;  // threads of the pool that are within
  bool closed_ = false;      // the caller has no more to hand out
  Status first_error_;
  std::exception_ptr exception_;
};

}  // namespace

Status ParallelFor(std::size_t count, const LoopOptions& options, const Task& task) {
  if (count == 0) return {};
  const auto loop = std::make_shared<Loop>(count, task, options.cancellation);
  const std::size_t lanes =
      std::min<std::size_t>(count, static_cast<std::size_t>(std::max(options.threads, 1)));
  const Priority priority = CurrentPriority(options.priority);
  if (lanes > 1) (options.pool != nullptr ? *options.pool : Pool::Shared()).Offer(loop, priority, lanes - 1);
  return loop->RunToEnd(priority);
}

Status ParallelFor(std::size_t count, int threads, const Task& task) {
  return ParallelFor(count, LoopOptions{.threads = threads}, task);
}

int MachineThreads() {
  // Asking the system opens a file each time.
  static const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return threads;
}

}  // namespace levee
