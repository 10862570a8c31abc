// Group commit: writers that wait together become one transaction, which the first of them writes for all.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "memory/bank/write_request.h"

namespace levee::memory {

// Thread-safe.
class CommitQueue {
 public:
  // Writes all requests of one transaction and fills in what became of each; called by one thread at a time.
  using WriteAll = std::function<void(std::span<WriteRequest* const> requests)>;

  // `grouping` off: each request is a transaction.
  CommitQueue(WriteAll write_all, bool grouping) : write_all_(std::move(write_all)), grouping_(grouping) {}

  // Returns once the request is written, by this thread or another.
  void Write(WriteRequest& request);

 private:
  struct Waiting {
    WriteRequest* request = nullptr;
    bool done = false;
  };
  // The requests that go into the next transaction, from the front.
  std::vector<Waiting*> TakeGroup();

  const WriteAll write_all_;
  const bool grouping_;
  std::mutex mutex_;
  std::condition_variable ended_;     // a transaction did
  std::vector<Waiting*> waiting_;     // guarded by mutex_
  bool writing_ = false;              // guarded by mutex_; a thread is
};

}  // namespace levee::memory
