// A thread that does something every so often.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace levee {

// Calls `work` every `interval_ms`, the first time after one interval, until it is destroyed, which waits for a call that is
// under way. Calls never overlap.
class Periodic {
 public:
  Periodic(int interval_ms, std::function<void()> work);
  ~Periodic();
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

 private:
  void Run(int interval_ms);

  const std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace levee
