#include "cli/interrupt.h"

#include <pthread.h>

#include <csignal>
#include <utility>

namespace levee::cli {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

Interrupt::Interrupt(Options options) : options_(std::move(options)) {
  const sigset_t signals = StopSignals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  listener_ = std::thread([this] { Listen(); });
}

Interrupt::~Interrupt() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  // Wakes the listener, if it still waits for a signal.
  ::pthread_kill(listener_.native_handle(), SIGTERM);
  listener_.join();
  const sigset_t signals = StopSignals();
  // A second signal that waits would end the process now.
  constexpr timespec kNow{};
  while (::sigtimedwait(&signals, nullptr, &kNow) > 0) {
  }
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

bool Interrupt::raised() const {
  const std::lock_guard lock(mutex_);
  return raised_;
}

bool Interrupt::WaitFor(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, pause, [&] { return raised_; });
  return raised_;
}

void Interrupt::Listen() {
  const sigset_t signals = StopSignals();
  int signal = 0;
  ::sigwait(&signals, &signal);
  std::unique_lock lock(mutex_);
  if (over_) return;
  raised_ = true;
  changed_.notify_all();
  const bool ended = changed_.wait_for(lock, options_.grace, [&] { return over_; });
  lock.unlock();
  if (!ended && options_.on_overrun) options_.on_overrun();
}

}  // namespace levee::cli
