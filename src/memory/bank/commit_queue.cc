#include "memory/bank/commit_queue.h"

#include <utility>

namespace levee::memory {

void CommitQueue::Write(WriteRequest& request) {
  Waiting self{.request = &request};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&self);
  ended_.wait(lock, [&] { return self.done || !writing_; });
  while (!self.done) {
    // Nobody writes: this thread does, for itself and those behind it, until its own request is done.
    writing_ = true;
    const std::vector<Waiting*> group = TakeGroup();
    lock.unlock();
    std::vector<WriteRequest*> requests;
    std::size_t operations = 0;
    for (const Waiting* each : group) {
      requests.push_back(each->request);
      operations += each->request->operations.size();
    }
    const std::int64_t begin_ns = clock_.MonotonicNanos();
    write_all_(requests);
    const std::int64_t took_ns = clock_.MonotonicNanos() - begin_ns;
    lock.lock();
    size_.Took(operations, took_ns);
    writing_ = false;
    for (Waiting* each : group) each->done = true;
    ended_.notify_all();
  }
}

std::vector<CommitQueue::Waiting*> CommitQueue::TakeGroup() {
  std::size_t count = 0, operations = 0;
  do {
    operations += waiting_[count++]->request->operations.size();
  } while (grouping_ && count < waiting_.size() && operations < size_.size());
  std::vector<Waiting*> group(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  return group;
}

}  // namespace levee::memory
