// One piece of work whose result is fetched later.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/cancellation.h"
#include "base/pool.h"

namespace levee {

// Movable; for one thread. The work begins when a thread of the pool is free, or in Get.
template <typename T>
class Deferred {
 public:
  // Within a piece of other work, that one's priority is taken over. `pool` null: the process's own.
  Deferred(std::function<T()> work, Priority priority, Pool* pool = nullptr)
      : state_(std::make_shared<State>(std::move(work), CurrentPriority(priority))) {
    (pool != nullptr ? *pool : Pool::Shared()).Offer(state_, CurrentPriority(priority), 1);
  }
  Deferred(Deferred&&) noexcept = default;
  Deferred& operator=(Deferred&& other) noexcept {
    if (state_ != nullptr) state_->Abandon();
    state_ = std::move(other.state_);
    return *this;
  }
  // Work that nobody has begun is dropped; else its end is waited for.
  ~Deferred() {
    if (state_ != nullptr) state_->Abandon();
  }

  // The result, once: run here and now when nobody has begun. Throws on what the work threw.
  T Get() { return std::exchange(state_, nullptr)->Get(); }

 private:
  class State final : public SharedWork {
   public:
    State(std::function<T()> work, Priority priority)
        : work_(std::move(work)), priority_(priority), cancellation_(CurrentCancellation()) {}

    void Help() override {
      if (Claim()) Run();
    }

    T Get() {
      if (Claim()) Run();
      Wait();
      if (exception_) std::rethrow_exception(exception_);
      return std::move(*result_);
    }

    // A ticket may keep the state for long; what the work holds goes now.
    void Abandon() {
      if (!Claim()) return Wait();
      work_ = nullptr;
    }

   private:
    // True for the one that runs it, or drops it.
    bool Claim() {
      const std::lock_guard lock(mutex_);
      return !std::exchange(claimed_, true);
    }

    void Run() {
      std::optional<T> result;
      std::exception_ptr exception;
      try {
        const PriorityScope scope(priority_);
        const CancellationScope cancellation(cancellation_);
        result.emplace(std::exchange(work_, nullptr)());
      } catch (...) {
        exception = std::current_exception();
      }
      const std::lock_guard lock(mutex_);
      result_ = std::move(result);
      exception_ = std::move(exception);
      done_ = true;
      ended_.notify_all();
    }

    void Wait() {
      std::unique_lock lock(mutex_);
      ended_.wait(lock, [&] { return done_; });
    }

    std::function<T()> work_;  // of the one that claimed it
    const Priority priority_;
    const Cancellation cancellation_;
    std::mutex mutex_;
    std::condition_variable ended_;
    // Guarded by mutex_ until done_.
    bool claimed_ = false, done_ = false;
    std::optional<T> result_;
    std::exception_ptr exception_;
  };

  std::shared_ptr<State> state_;
};

}  // namespace levee
