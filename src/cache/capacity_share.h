// A cache's capacity as part of the process's memory budget.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "base/memory_budget.h"
#include "cache/sharded_cache.h"

namespace levee::cache {

// Holds what the cache may fill, full or not, so that inserting costs nothing more. Gives way to whoever else needs
// memory; takes it back once there is plenty. Thread-safe. The cache outlives it.
class CapacityShare {
 public:
  // The cache keeps its capacity, but at most half of what the budget has left.
  CapacityShare(ShardedCache& cache, MemoryBudget& budget);
  CapacityShare(const CapacityShare&) = delete;
  CapacityShare& operator=(const CapacityShare&) = delete;
  ~CapacityShare();

  // Grows the cache back towards its first capacity, as long as a quarter of the limit stays free: what answers
  // need in turn is not evicted for again and again. Cheap while there is nothing to take back.
  void TakeBack();

 private:
  std::uint64_t Evict(std::uint64_t wanted);

  ShardedCache& cache_;
  MemoryBudget& budget_;
  const std::uint64_t wanted_;
  std::mutex mutex_;
  MemoryHold hold_;  // guarded by mutex_; as many bytes as the cache's capacity
  std::unique_ptr<MemoryBudget::Evictor> evictor_;  // last: it uses the rest
};

}  // namespace levee::cache
