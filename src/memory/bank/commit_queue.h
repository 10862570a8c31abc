// Group commit: writers that wait together become one transaction, which the first of them writes for all.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "base/adaptive_batch.h"
#include "base/clock.h"
#include "memory/bank/write_request.h"

namespace levee::memory {

// Thread-safe.
class CommitQueue {
 public:
  // Writes all requests of one transaction, fills in what became of each, and returns for how many nanoseconds it waited
  // until it could begin: for another process's lock. Called by one thread at a time.
  using WriteAll = std::function<std::int64_t(std::span<WriteRequest* const> requests)>;

  struct Options {
    bool grouping = true;            // off: each request is a transaction
    std::int64_t latency_ms = 0;     // how long a transaction should take; how many requests it takes follows. 0: any time
  };
  CommitQueue(WriteAll write_all, Clock& clock, const Options& options)
      : write_all_(std::move(write_all)), clock_(clock), grouping_(options.grouping),
        size_({.target_ns = options.latency_ms * 1'000'000, .first = kOperationsMax, .least = 1, .most = kOperationsMax}) {}

  // Returns once the request is written, by this thread or another.
  void Write(WriteRequest& request);

 private:
  struct Waiting {
    WriteRequest* request = nullptr;
    bool done = false;
  };
  // Of one transaction, so that a lone writer never waits for long behind many.
  static constexpr std::size_t kOperationsMax = 10'000;
  // Those who were told a moment ago come back with their next writes: a transaction that begins without them has half of
  // the writers, and so has the next one. Waits for them, a small part of what the last transaction took at most.
  void AwaitOthers(std::unique_lock<std::mutex>& lock);
  // The requests that go into the next transaction, from the front.
  std::vector<Waiting*> TakeGroup();

  const WriteAll write_all_;
  Clock& clock_;
  const bool grouping_;
  std::mutex mutex_;
  std::condition_variable ended_;     // a transaction did
  std::condition_variable arrived_;   // a request did
  std::vector<Waiting*> waiting_;     // guarded by mutex_
  bool writing_ = false;              // guarded by mutex_; a thread is
  std::size_t writers_ = 0;           // guarded by mutex_; those of the last transaction, and who waited when it ended
  std::int64_t took_ns_ = 0;          // guarded by mutex_; the last transaction, without waiting for its lock
  AdaptiveBatch size_;                // guarded by mutex_; operations of the next transaction
};

}  // namespace levee::memory
