#include "cli/stop_signals.h"

#include <atomic>
#include <memory>
#include <utility>

namespace levee::cli {
namespace {

// What the handler touches: lock-free, and there for as long as a handler may run in another thread.
constinit std::atomic<int> signal_raised{0};
constinit std::atomic<Cancellation*> cancelled_by_signal{nullptr};

void OnSignal(int signal) {
  signal_raised.store(signal, std::memory_order_relaxed);
  Cancellation* cancellation = cancelled_by_signal.load();
  if (cancellation != nullptr) cancellation->Cancel();
}

struct sigaction Handle(int signal) {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  // The second one ends the process; reads and writes under way go on after the first.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigemptyset(&action.sa_mask);
  struct sigaction before {};
  ::sigaction(signal, &action, &before);
  // Who started the program may want it to go on, as nohup does.
  if (before.sa_handler == SIG_IGN) ::sigaction(signal, &before, nullptr);
  return before;
}

}  // namespace

StopSignals::StopSignals(Cancellation cancellation) {
  static std::unique_ptr<Cancellation> kept;
  kept = std::make_unique<Cancellation>(std::move(cancellation));
  signal_raised = 0;
  cancelled_by_signal = kept.get();
  before_interrupt_ = Handle(SIGINT);
  before_terminate_ = Handle(SIGTERM);
}

StopSignals::~StopSignals() {
  ::sigaction(SIGINT, &before_interrupt_, nullptr);
  ::sigaction(SIGTERM, &before_terminate_, nullptr);
  cancelled_by_signal = nullptr;
}

int StopSignals::raised() const { return signal_raised.load(std::memory_order_relaxed); }

}  // namespace levee::cli
