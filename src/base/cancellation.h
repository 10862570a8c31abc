// Calling work off.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/status.h"

namespace levee {

// Copies stand for the same work. Thread-safe.
class Cancellation {
 public:
  // Never cancelled, costs nothing.
  Cancellation() = default;
  // To be cancelled, or over by itself once the clock's MonotonicNanos reaches the deadline. The clock
  // outlives it.
  explicit Cancellation(Clock& clock, std::optional<std::int64_t> deadline_ns = std::nullopt)
      : state_(std::make_shared<State>(clock, deadline_ns)) {}

  // Without effect on one that is never cancelled.
  void Cancel() {
    if (state_ != nullptr) state_->cancelled.store(true, std::memory_order_relaxed);
  }

  // kCancelled once it is cancelled or past its deadline.
  Status Check() const {
    if (state_ == nullptr) return {};
    if (state_->cancelled.load(std::memory_order_relaxed)) {
      return Fail(ErrorCode::kCancelled, "work", "it was cancelled");
    }
    if (state_->deadline_ns && state_->clock.MonotonicNanos() >= *state_->deadline_ns) {
      return Fail(ErrorCode::kCancelled, "work", "its time is over");
    }
    return {};
  }

 private:
  struct State {
    State(Clock& its_clock, std::optional<std::int64_t> its_deadline_ns)
        : clock(its_clock), deadline_ns(its_deadline_ns) {}
    Clock& clock;
    const std::optional<std::int64_t> deadline_ns;
    std::atomic<bool> cancelled{false};
  };

  std::shared_ptr<State> state_;
};

// What the calling thread does while it stands may be called off so; loops and deferred work hand it on to the
// threads that help. Scopes nest; the innermost counts. For one thread.
class CancellationScope {
 public:
  explicit CancellationScope(Cancellation cancellation);
  CancellationScope(const CancellationScope&) = delete;
  CancellationScope& operator=(const CancellationScope&) = delete;
  ~CancellationScope();

 private:
  friend Cancellation CurrentCancellation();
  friend Status CheckCancelled();

  const Cancellation cancellation_;
  const CancellationScope* const outer_;
};

// Of the innermost scope; one that is never cancelled outside of any.
Cancellation CurrentCancellation();
// kCancelled if it is. Asked before each piece of work that takes a millisecond or more; outside of scopes it costs
// next to nothing, else at most a look at the clock. A test may have the n-th call fail (FailChecksForTest).
Status CheckCancelled();

// The calls of CheckCancelled from now on are counted, and from the n-th on (from 1) they fail; 0: none does. For all
// threads of the process.
void FailChecksForTest(std::int64_t nth);
std::int64_t ChecksCountedForTest();

}  // namespace levee
