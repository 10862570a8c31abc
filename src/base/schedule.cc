#include "base/schedule.h"

#include <algorithm>
#include <utility>

namespace levee {

std::size_t Schedule::Add(std::int64_t interval_ms, std::function<void()> run) {
  const std::lock_guard lock(mutex_);
  Job& job = jobs_.emplace_back();
  job.run = std::move(run);
  job.interval = std::chrono::milliseconds(interval_ms);
  Plan(job);
  return jobs_.size() - 1;
}

void Schedule::SetInterval(std::size_t job, std::int64_t interval_ms) {
  const std::lock_guard lock(mutex_);
  jobs_[job].interval = std::chrono::milliseconds(interval_ms);
  Plan(jobs_[job]);
}

void Schedule::Plan(Job& job) {
  job.next = job.interval.count() > 0 ? std::chrono::steady_clock::now() + job.interval : Moment::max();
  if (job.interval.count() > 0 && !thread_.joinable() && !ending_) thread_ = std::thread([this] { Work(); });
  changed_.notify_one();
}

void Schedule::Stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Schedule::Work() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const auto due = std::ranges::min_element(jobs_, {}, &Job::next);
    if (due->next == Moment::max()) {
      changed_.wait(lock);
      continue;
    }
    if (due->next > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, Moment(due->next));
      continue;
    }
    const auto job = static_cast<std::size_t>(due - jobs_.begin());  // jobs may be added meanwhile
    const std::function<void()> run = due->run;
    lock.unlock();
    run();
    lock.lock();
    Plan(jobs_[job]);
  }
}

}  // namespace levee
