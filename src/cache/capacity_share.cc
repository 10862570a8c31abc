#include "cache/capacity_share.h"

#include <algorithm>
#include <utility>

namespace levee::cache {

CapacityShare::CapacityShare(GovernorOptions options, MemoryBudget& budget)
    : budget_(budget), hold_(budget, MemoryPart::kCaches), governor_(Fitted(std::move(options))) {
  evictor_ = budget.AddEvictor([this](std::uint64_t wanted) { return Evict(wanted); });
}

GovernorOptions CapacityShare::Fitted(GovernorOptions options) {
  options.total_bytes = std::min<std::uint64_t>(options.total_bytes, budget_.left_bytes() / 2);
  while (!hold_.TryGrowIdle(options.total_bytes)) options.total_bytes /= 2;
  options.claim = [this](std::uint64_t bytes) { return Claim(bytes); };
  return options;
}

std::uint64_t CapacityShare::Evict(std::uint64_t wanted) {
  {
    const std::lock_guard lock(mutex_);
    wanted = std::min(wanted, hold_.bytes());
  }
  const std::uint64_t taken = governor_.Withhold(wanted);
  const std::lock_guard lock(mutex_);
  hold_.Shrink(std::min(taken, hold_.bytes()));
  return taken;
}

bool CapacityShare::Claim(std::uint64_t bytes) {
  if (budget_.left_bytes() < budget_.limit_bytes() / 2 + bytes) return false;
  const std::lock_guard lock(mutex_);
  return hold_.TryGrowIdle(bytes);
}

}  // namespace levee::cache
