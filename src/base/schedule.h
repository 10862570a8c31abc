// Work that comes round: a thread that does each job at its interval.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace levee {

// Thread-safe. Jobs run one after the other, never two at once.
class Schedule {
 public:
  Schedule() = default;
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;
  // Waits for the job that runs.
  ~Schedule() { Stop(); }

  // Its number. First run after one interval, then one interval after the run before ended; 0: never. There is a thread once there
  // is something to do.
  std::size_t Add(std::int64_t interval_ms, std::function<void()> run);
  // Counts from now on.
  void SetInterval(std::size_t job, std::int64_t interval_ms);
  // For good; waits for the job that runs.
  void Stop();

 private:
  using Moment = std::chrono::steady_clock::time_point;
  struct Job {
    std::function<void()> run;
    std::chrono::milliseconds interval{0};
    Moment next = Moment::max();
  };
  void Plan(Job& job);
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> jobs_;   // guarded by mutex_
  bool ending_ = false;     // guarded by mutex_
  std::thread thread_;      // guarded by mutex_ until it ends
};

}  // namespace levee
