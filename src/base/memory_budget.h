// What a process may keep in memory, and who keeps how much of it: docs/memory.md.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/status.h"

namespace levee {

// Who keeps it.
enum class MemoryPart : std::uint8_t {
  kProgram,    // code, libraries' own data, stacks, the database's page cache: an allowance, not a count
  kCaches,     // what caches may fill
  kAnswers,    // decoded entries on their way out
  kSummaries,  // sums and bounds being computed
  kImports,
  kSyncs,      // commits on their way in, compaction
  kChecks,     // a table compared with its log
  kIndexes,    // being built or read
};
inline constexpr std::size_t kMemoryParts = 8;

// "answers".
std::string_view MemoryPartName(MemoryPart part);

class MemoryBudget;

// Bytes of a budget that belong to somebody, given back at the end. Movable; for one thread at a time.
class MemoryHold {
 public:
  // Of no budget: grows for free and counts nothing.
  MemoryHold() = default;
  // Of no bytes yet. The budget outlives the hold.
  MemoryHold(MemoryBudget& budget, MemoryPart part) : budget_(&budget), part_(part) {}
  MemoryHold(MemoryHold&& other) noexcept;
  MemoryHold& operator=(MemoryHold&& other) noexcept;
  ~MemoryHold() { Release(); }

  // kResourceExhausted, with nothing changed, where eviction makes no room either.
  Status Grow(std::uint64_t bytes);
  // The same for those who have another way, such as spilling.
  [[nodiscard]] bool TryGrow(std::uint64_t bytes);
  // Only from room that is free now: nothing is evicted.
  [[nodiscard]] bool TryGrowIdle(std::uint64_t bytes);
  // Counts what is in memory already, beyond the limit if need be; evicts what it can.
  void GrowAnyway(std::uint64_t bytes);
  // At most what it holds.
  void Shrink(std::uint64_t bytes);
  // Grow or Shrink.
  Status Resize(std::uint64_t bytes);
  void Release() { Shrink(bytes_); }

  std::uint64_t bytes() const { return bytes_; }

 private:
  MemoryBudget* budget_ = nullptr;
  MemoryPart part_ = MemoryPart::kAnswers;
  std::uint64_t bytes_ = 0;
};

// Thread-safe. Taking and giving back is an atomic addition or two; a lock is taken only to evict.
class MemoryBudget {
 public:
  // 0: DefaultLimit.
  explicit MemoryBudget(std::uint64_t limit_bytes);
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // The process's own, of DefaultLimit until SetLimit. Never destroyed.
  static MemoryBudget& Process();
  // A quarter of the machine's memory.
  static std::uint64_t DefaultLimit();

  // Frees up to `wanted` bytes, shrinks its holds by that, and returns how many it freed; 0: it has none. Runs under a
  // lock: it must not ask the budget for memory, nor add or remove evictors. Does not throw.
  using Evict = std::function<std::uint64_t(std::uint64_t wanted)>;
  // Stays until it is destroyed, which waits for a call that runs.
  class Evictor;
  // Those of lower `order` are asked first.
  [[nodiscard]] std::unique_ptr<Evictor> AddEvictor(Evict evict, int order = 0);

  // 0: DefaultLimit. Evicts what no longer fits, as far as there is something to evict.
  void SetLimit(std::uint64_t limit_bytes);
  std::uint64_t limit_bytes() const { return limit_.load(std::memory_order_relaxed); }
  std::uint64_t used_bytes() const { return used_.load(std::memory_order_relaxed); }
  // What is free without evicting.
  std::uint64_t left_bytes() const;

  struct Use {
    std::uint64_t bytes = 0, peak_bytes = 0;
  };
  Use UseOf(MemoryPart part) const;

  struct Counters {
    std::int64_t evictions = 0;  // rounds in which something was freed
    std::int64_t spills = 0;     // TryGrow that found no room
    std::int64_t refusals = 0;   // Grow likewise
    std::int64_t overdrafts = 0; // GrowAnyway likewise
  };
  Counters counters() const;

 private:
  friend class MemoryHold;

  struct Part {
    std::atomic<std::uint64_t> bytes{0}, peak_bytes{0};
  };
  struct Registered {
    Evict evict;
    int order = 0;
  };

  bool Take(MemoryPart part, std::uint64_t bytes);
  bool TakeOrEvict(MemoryPart part, std::uint64_t bytes);
  void TakeAnyway(MemoryPart part, std::uint64_t bytes);
  void GiveBack(MemoryPart part, std::uint64_t bytes);
  void CountIn(MemoryPart part, std::uint64_t bytes);
  // Whether something was freed.
  bool EvictFor(std::uint64_t bytes);
  std::unexpected<Error> Refuse(std::uint64_t wanted_bytes) const;

  std::atomic<std::uint64_t> limit_;
  std::atomic<std::uint64_t> used_{0};
  std::array<Part, kMemoryParts> parts_;
  mutable std::atomic<std::int64_t> evictions_{0}, spills_{0}, refusals_{0}, overdrafts_{0};
  std::mutex mutex_;
  std::list<Registered> evictors_;  // guarded by mutex_; by order
};

class MemoryBudget::Evictor {
 public:
  Evictor(MemoryBudget& budget, std::list<Registered>::iterator place) : budget_(budget), place_(place) {}
  Evictor(const Evictor&) = delete;
  Evictor& operator=(const Evictor&) = delete;
  ~Evictor();

 private:
  MemoryBudget& budget_;
  const std::list<Registered>::iterator place_;
};

// "300 MB", "1.5 GB": as messages about memory have it.
std::string MemoryText(std::uint64_t bytes);

}  // namespace levee
