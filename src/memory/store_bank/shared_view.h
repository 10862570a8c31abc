// The view of all threads of a process, kept up with the store.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "base/clock.h"
#include "memory/bank/view.h"
#include "store/bank.h"

namespace levee::memory {

// Thread-safe.
class SharedView {
 public:
  // All outlive it.
  SharedView(store::BankStore& store, SegmentPages& pages, Clock& clock, const RunLimits& run_limits)
      : store_(store), clock_(clock), view_(store, pages, run_limits) {}

  // The view with all that was committed before the call, as long as the lock is held.
  class Reading {
   public:
    const View& operator*() const { return *view_; }
    const View* operator->() const { return view_; }

   private:
    friend class SharedView;
    Reading(const View& view, std::shared_lock<std::shared_mutex> lock) : view_(&view), lock_(std::move(lock)) {}
    const View* view_;
    std::shared_lock<std::shared_mutex> lock_;
  };
  // STORAGE_ERROR.
  Result<Reading> Read();
  // The view as it is, without asking the store.
  Reading ReadAsIs() { return {view_, std::shared_lock(mutex_)}; }
  // Reads again whatever the store says has changed.
  Status Refresh();

  // Within a write transaction: takes up what others have written.
  Status CatchUp(store::BankWriter& writer);
  // After its commit: the batch that this process has appended.
  Status TakeOwn(const store::BankState& state, store::BankBatch batch);
  // Closes the open run, so that it can be merged.
  void SealTail();

 private:
  Status Apply(store::BankNews news, const store::BankState& known, bool& applied);

  store::BankStore& store_;
  Clock& clock_;
  std::shared_mutex mutex_;
  View view_;                                  // guarded by mutex_
  std::mutex refreshing_;                      // held by the one who asks the store
  std::atomic<bool> has_mark_{false};
  std::atomic<std::uint64_t> mark_{0};         // the store's, when the view was last what it has
  std::atomic<std::int64_t> next_expiry_{0};   // the view's
};

}  // namespace levee::memory
