#include "base/periodic.h"

#include <chrono>

namespace levee {

Periodic::Periodic(int interval_ms, std::function<void()> work)
    : work_(std::move(work)), thread_([this, interval_ms] { Run(interval_ms); }) {}

Periodic::~Periodic() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

void Periodic::Run(int interval_ms) {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, std::chrono::milliseconds(interval_ms), [this] { return stop_; })) {
    lock.unlock();
    work_();
    lock.lock();
  }
}

}  // namespace levee
