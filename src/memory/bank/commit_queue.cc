#include "memory/bank/commit_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace levee::memory {

void CommitQueue::Write(WriteRequest& request) {
  Waiting self{.request = &request};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&self);
  arrived_.notify_one();
  ended_.wait(lock, [&] { return self.done || !writing_; });
  while (!self.done) {
    // Nobody writes: this thread does, for itself and those behind it, until its own request is done.
    writing_ = true;
    AwaitOthers(lock);
    const std::vector<Waiting*> group = TakeGroup();
    lock.unlock();
    std::vector<WriteRequest*> requests;
    std::size_t operations = 0;
    for (const Waiting* each : group) {
      requests.push_back(each->request);
      operations += each->request->operations.size();
    }
    const std::int64_t begin_ns = clock_.MonotonicNanos();
    const std::int64_t waited_ns = write_all_(requests);
    // The wait is the same for one request as for many: if it counted, groups would shrink just when others write, too.
    const std::int64_t took_ns = std::max<std::int64_t>(0, clock_.MonotonicNanos() - begin_ns - waited_ns);
    lock.lock();
    size_.Took(operations, took_ns);
    took_ns_ = took_ns;
    writers_ = group.size() + waiting_.size();
    writing_ = false;
    for (Waiting* each : group) each->done = true;
    ended_.notify_all();
  }
}

void CommitQueue::AwaitOthers(std::unique_lock<std::mutex>& lock) {
  constexpr std::int64_t kShare = 4, kMostNs = 1'000'000;
  const std::size_t wanted = std::min(writers_, size_.size());
  if (!grouping_ || waiting_.size() >= wanted) return;
  const std::chrono::nanoseconds most(std::min(took_ns_ / kShare, kMostNs));
  arrived_.wait_for(lock, most, [&] { return waiting_.size() >= wanted; });
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
