#include "cache/capacity_share.h"

#include <algorithm>

namespace levee::cache {

CapacityShare::CapacityShare(ShardedCache& cache, MemoryBudget& budget)
    : cache_(cache), budget_(budget), wanted_(cache.capacity_bytes()), hold_(budget, MemoryPart::kCaches) {
  std::uint64_t capacity = std::min<std::uint64_t>(wanted_, budget.left_bytes() / 2);
  while (!hold_.TryGrowIdle(capacity)) capacity /= 2;
  if (capacity < wanted_) cache_.SetBudget(capacity);
  evictor_ = budget.AddEvictor([this](std::uint64_t wanted) { return Evict(wanted); });
}

CapacityShare::~CapacityShare() = default;

std::uint64_t CapacityShare::Evict(std::uint64_t wanted) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t freed = std::min(wanted, hold_.bytes());
  if (freed == 0) return 0;
  cache_.SetBudget(hold_.bytes() - freed);
  hold_.Shrink(freed);
  return freed;
}

void CapacityShare::TakeBack() {
  if (cache_.capacity_bytes() >= wanted_) return;
  const std::uint64_t left = budget_.left_bytes(), kept_free = budget_.limit_bytes() / 4;
  if (left <= kept_free) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock() || hold_.bytes() >= wanted_) return;
  if (!hold_.TryGrowIdle(std::min(wanted_ - hold_.bytes(), left - kept_free))) return;
  cache_.SetBudget(hold_.bytes());
}

}  // namespace levee::cache
