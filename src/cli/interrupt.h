// SIGINT and SIGTERM as something that a loop can wait for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace levee::cli {

// While it lives, both signals come to a thread of its own. It blocks them in the thread that makes it and in
// those that are started later: make it before anything that starts threads. One at a time. Thread-safe.
class Interrupt {
 public:
  struct Options {
    // How long the loop may take to end after a signal.
    std::chrono::milliseconds grace{700};
    // Called by the other thread when it took longer; empty: it may.
    std::function<void()> on_overrun;
  };

  explicit Interrupt(Options options);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool raised() const;
  // Waits until a signal came, at most so long; returns raised().
  bool WaitFor(std::chrono::milliseconds pause);

 private:
  void Listen();

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;  // guarded by mutex_
  bool over_ = false;    // guarded by mutex_
  std::thread listener_;  // last: it uses the rest
};

}  // namespace levee::cli
