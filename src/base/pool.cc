#include "base/pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/parallel.h"
#include "base/thread_rank.h"

namespace levee {
namespace {

// What the calling thread is, in which pool, and what it works on.
struct Self {
  const Pool* pool = nullptr;
  std::size_t lane = 0;
  std::optional<Priority> priority;
};
constinit thread_local Self self;

std::atomic<int>& ThreadLimit() {
  static constinit std::atomic<int> limit{0};
  return limit;
}

std::size_t IndexOf(Priority priority) { return static_cast<std::size_t>(priority); }

}  // namespace

Pool::Pool(int threads)
    : limit_(std::clamp(threads, 0, kThreadsMax)), lanes_(1 + 2 * static_cast<std::size_t>(limit_)) {}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  work_for_spares_.notify_all();
  for (std::thread& thread : all_) thread.join();
}

Pool& Pool::Shared() {
  static Pool pool(PoolThreads() > 1 ? PoolThreads() : 0);
  return pool;
}

void Pool::Offer(const std::shared_ptr<SharedWork>& work, Priority priority, std::size_t tickets) {
  tickets = std::min(tickets, static_cast<std::size_t>(limit_));
  if (tickets == 0) return;
  Lane& lane = lanes_[OwnLane()];
  {
    const std::lock_guard lock(lane.mutex);
    auto& list = lane.tickets[IndexOf(priority)];
    list.insert(list.end(), tickets, work);
    queued_[IndexOf(priority)] += static_cast<std::int64_t>(tickets);
  }
  {
    const std::lock_guard lock(mutex_);
    StartThreads();
    StartSpares();
  }
  for (std::size_t i = 0; i < tickets; ++i) work_.notify_one();
  if (priority == Priority::kQuestion) work_for_spares_.notify_one();
}

// With mutex_ held.
void Pool::StartThreads() {
  const std::int64_t waiting = Waiting(Kind::kAny);
  for (std::int64_t i = idle_; i < waiting && started_ < limit_; ++i) {
    if (!StartThread(Kind::kAny)) return;
  }
}

// With mutex_ held. All threads are there, too few are free, and imports hold some: a question would wait for
// an import's piece to end.
void Pool::StartSpares() {
  if (started_ < limit_) return;
  const std::int64_t waiting = Waiting(Kind::kSpare);
  for (std::int64_t i = idle_ + idle_spares_; i < waiting && spares_ < std::min(at_imports_.load(), limit_);
       ++i) {
    if (!StartThread(Kind::kSpare)) return;
  }
}

// With mutex_ held. False when the system has no thread to give: callers work alone.
bool Pool::StartThread(Kind kind) {
  const std::size_t lane = lanes_used_;
  try {
    all_.emplace_back([this, lane, kind] { Run(lane, kind); });
  } catch (const std::system_error&) {
    return false;
  }
  ++(kind == Kind::kAny ? started_ : spares_);
  lanes_used_ = lane + 1;
  return true;
}

void Pool::Run(std::size_t lane, Kind kind) {
  self = {.pool = this, .lane = lane};
  std::condition_variable& signal = kind == Kind::kAny ? work_ : work_for_spares_;
  int& idle = kind == Kind::kAny ? idle_ : idle_spares_;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      ++idle;
      signal.wait(lock, [&] { return stopping_ || Waiting(kind) > 0; });
      --idle;
      if (stopping_) return;
    }
    const Ticket ticket = Take(lane, kind);
    if (ticket.work == nullptr) continue;
    if (ticket.priority == Priority::kImport && Waiting(Kind::kSpare) > 0) {
      // A question came between the look for questions and this: it counted on this thread.
      const std::lock_guard lock(mutex_);
      StartSpares();
    }
    {
      const PriorityScope scope(ticket.priority);
      std::optional<BackgroundScope> background;
      if (ticket.priority == Priority::kImport) background.emplace();
      ticket.work->Help();
    }
    if (ticket.priority == Priority::kImport) --at_imports_;
  }
}

Pool::Ticket Pool::Take(std::size_t own, Kind kind) {
  const std::size_t priorities = kind == Kind::kSpare ? 1 : kPriorities;
  for (std::size_t priority = 0; priority < priorities; ++priority) {
    if (queued_[priority] == 0) continue;
    if (Ticket ticket = TakeFrom(lanes_[own], priority, true); ticket.work != nullptr) return ticket;
    if (Ticket ticket = TakeFrom(lanes_[0], priority, false); ticket.work != nullptr) return ticket;
    const std::size_t lanes = lanes_used_;
    for (std::size_t i = 1; i < lanes; ++i) {
      const std::size_t other = (own + i) % lanes;
      if (other == 0) continue;
      if (Ticket ticket = TakeFrom(lanes_[other], priority, false); ticket.work != nullptr) {
        ++stolen_;
        return ticket;
      }
    }
  }
  return {};
}

Pool::Ticket Pool::TakeFrom(Lane& lane, std::size_t priority, bool newest) {
  const std::lock_guard lock(lane.mutex);
  auto& list = lane.tickets[priority];
  if (list.empty()) return {};
  const auto at = newest ? list.end() - 1 : list.begin();
  Ticket ticket{std::move(*at), static_cast<Priority>(priority)};
  list.erase(at);
  if (ticket.priority == Priority::kImport) ++at_imports_;
  --queued_[priority];
  return ticket;
}

std::int64_t Pool::Waiting(Kind kind) const {
  const std::int64_t questions = queued_[IndexOf(Priority::kQuestion)];
  return kind == Kind::kSpare ? questions : questions + queued_[IndexOf(Priority::kImport)];
}

std::size_t Pool::OwnLane() const { return self.pool == this ? self.lane : 0; }

Pool::Counters Pool::counters() const {
  const std::lock_guard lock(mutex_);
  return {.threads = started_, .spares = spares_, .stolen = stolen_};
}

PriorityScope::PriorityScope(Priority priority) : outer_(std::exchange(self.priority, priority)) {}
PriorityScope::~PriorityScope() { self.priority = outer_; }

Priority CurrentPriority(Priority otherwise) { return self.priority.value_or(otherwise); }

void LimitPoolThreads(int threads) { ThreadLimit() = threads; }

int PoolThreads() {
  const int limit = ThreadLimit();
  return std::min(limit > 0 ? limit : MachineThreads(), Pool::kThreadsMax);
}

}  // namespace levee
