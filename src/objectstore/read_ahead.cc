#include "objectstore/read_ahead.h"

#include <algorithm>
#include <utility>

#include "base/pool.h"

namespace levee::objectstore {
namespace {

constexpr std::uint64_t kAheadBytesMax = 8 << 20;

// Threads that wait for answers most of the time, so they are not counted among those at work.
Pool& RequestPool() {
  static auto* const pool = new Pool(Pool::kThreadsMax);
  return *pool;
}

std::uint64_t WindowBytes(const std::vector<ExpectedRead>& expected) {
  std::uint64_t bytes = 0;
  for (const ExpectedRead& read : expected) bytes += read.size_bytes;
  return std::min(bytes, kAheadBytesMax);
}

}  // namespace

ReadAhead::ReadAhead(ObjectStore& store, std::vector<ExpectedRead> expected, int requests_max)
    : ForwardingObjectStore(store),
      expected_(std::move(expected)),
      requests_max_(static_cast<std::size_t>(std::max(requests_max, 1))),
      held_(MemoryBudget::Process(), MemoryPart::kSyncs) {
  held_.GrowAnyway(WindowBytes(expected_));
  const std::lock_guard lock(mutex_);
  Advance();
}

void ReadAhead::Advance() {
  while (next_ < expected_.size() && pending_.size() < requests_max_) {
    const ExpectedRead& read = expected_[next_];
    if (!pending_.empty() && ahead_bytes_ + read.size_bytes > kAheadBytesMax) return;
    ++next_;
    ahead_bytes_ += read.size_bytes;
    const auto fetch = [this, path = read.path]() -> Result<std::string> { return store().Read(path); };
    pending_.try_emplace(read.path, Pending{.size_bytes = read.size_bytes,
                                            .content = {fetch, Priority::kImport, &RequestPool()}});
  }
}

Result<std::string> ReadAhead::Read(std::string_view path) {
  std::optional<Pending> found;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = pending_.find(path); at != pending_.end()) {
      found.emplace(std::move(at->second));
      pending_.erase(at);
      ahead_bytes_ -= found->size_bytes;
      Advance();
    }
  }
  if (!found) return store().Read(path);
  return found->content.Get();
}

}  // namespace levee::objectstore
