// The caches' part of the process's memory budget.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "base/memory_budget.h"
#include "cache/governor.h"

namespace levee::cache {

// Holds what a governor's caches may fill, full or not, so that inserting costs nothing more. Gives way to whoever else
// needs memory; the governor's steps take it back once there is plenty. Thread-safe.
class CapacityShare {
 public:
  // The governor has the total that is asked for, but at most half of what the budget has left.
  CapacityShare(GovernorOptions options, MemoryBudget& budget);
  CapacityShare(const CapacityShare&) = delete;
  CapacityShare& operator=(const CapacityShare&) = delete;

  Governor& governor() { return governor_; }

 private:
  GovernorOptions Fitted(GovernorOptions options);
  std::uint64_t Evict(std::uint64_t wanted);
  // Whether `bytes` may be filled again: half of the limit stays free, so that what answers need in turn is not
  // evicted for again and again.
  bool Claim(std::uint64_t bytes);

  MemoryBudget& budget_;
  std::mutex mutex_;  // taken after the governor's own, so never held while the governor is called
  MemoryHold hold_;   // guarded by mutex_; as many bytes as the caches may fill
  Governor governor_;
  std::unique_ptr<MemoryBudget::Evictor> evictor_;  // last: it uses the rest
};

}  // namespace levee::cache
