// The threads of a process: docs/pool.md.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace levee {

// Questions come before imports.
enum class Priority : std::uint8_t { kQuestion, kImport };

// Something that threads can help with.
class SharedWork {
 public:
  virtual ~SharedWork() = default;
  // Runs what is left to begin and returns; called by several threads at once, and after the work has ended,
  // when it must touch nothing but itself. Does not throw.
  virtual void Help() = 0;
};

// Thread-safe.
class Pool {
 public:
  // Starts at most `threads` threads, and as many spares; none before there is work. 0: whoever waits works
  // alone.
  explicit Pool(int threads);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  // Threads end after the piece that they run. Tickets that are left are dropped.
  ~Pool();

  // The process's own, of LimitPoolThreads' threads.
  static Pool& Shared();

  // Asks up to `tickets` threads to help. Never blocks, and nobody may come: the caller must be able to do it
  // alone.
  void Offer(const std::shared_ptr<SharedWork>& work, Priority priority, std::size_t tickets);

  int threads() const { return limit_; }

  struct Counters {
    int threads = 0;          // started
    int spares = 0;           // likewise, beyond them
    std::int64_t stolen = 0;  // tickets taken from another thread's lane
  };
  Counters counters() const;

  static constexpr int kThreadsMax = 128;

 private:
  static constexpr std::size_t kPriorities = 2;
  enum class Kind : std::uint8_t { kAny, kSpare };

  struct Lane {
    std::mutex mutex;
    // Guarded by mutex; by priority, the oldest first.
    std::array<std::vector<std::shared_ptr<SharedWork>>, kPriorities> tickets;
  };
  struct Ticket {
    std::shared_ptr<SharedWork> work;  // null: there is none
    Priority priority = Priority::kQuestion;
  };

  void StartThreads();
  void StartSpares();
  bool StartThread(Kind kind);
  void Run(std::size_t lane, Kind kind);
  Ticket Take(std::size_t own, Kind kind);
  Ticket TakeFrom(Lane& lane, std::size_t priority, bool newest);
  std::int64_t Waiting(Kind kind) const;
  // The lane of the calling thread; the callers' lane for threads of elsewhere.
  std::size_t OwnLane() const;

  const int limit_;
  // Lane 0 is the callers'.
  std::vector<Lane> lanes_;
  std::atomic<std::size_t> lanes_used_{1};
  std::array<std::atomic<std::int64_t>, kPriorities> queued_{};
  std::atomic<int> at_imports_{0};  // threads within an import's piece
  std::atomic<std::int64_t> stolen_{0};

  mutable std::mutex mutex_;
  std::condition_variable work_, work_for_spares_;
  // Guarded by mutex_.
  int started_ = 0, idle_ = 0;
  int spares_ = 0, idle_spares_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> all_;
};

// What the calling thread begins while it stands has this priority. Scopes nest.
class PriorityScope {
 public:
  explicit PriorityScope(Priority priority);
  PriorityScope(const PriorityScope&) = delete;
  PriorityScope& operator=(const PriorityScope&) = delete;
  ~PriorityScope();

 private:
  const std::optional<Priority> outer_;
};

// Of the innermost scope; `otherwise` outside of any.
Priority CurrentPriority(Priority otherwise);

// How many threads Pool::Shared may start: 0 as many as the machine has, 1 none. Without effect once it is in
// use.
void LimitPoolThreads(int threads);
// What Pool::Shared has, or will have; at least 1, as whoever waits works too. Does not start it.
int PoolThreads();

}  // namespace levee
