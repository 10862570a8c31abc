#include "cache/policies/window_climber.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace levee::cache {
namespace {

// Of a queue whose stamps are the lower halves of its hashes.
std::uint64_t OldestOf(const GhostQueue& queue) {
  return std::uint64_t{queue.oldest_half()} << 32 | queue.oldest_stamp();
}

}  // namespace

std::uint64_t WindowClimber::KeysOf(std::uint64_t held) {
  return std::clamp(held / 8, kLeastKeys, kMostKeys);
}

void WindowClimber::Lost(std::uint64_t hash, bool from_window, std::uint64_t held) {
  const std::uint64_t keys = KeysOf(held);
  if (from_window) {
    // Room first: one key more would take another chunk of nodes.
    beyond_window_.Remove(hash);
    while (beyond_window_.size() >= keys) beyond_window_.PopOldest();
    beyond_window_.Push(hash);
  }
  while (beyond_main_.size() > keys) beyond_main_.PopOldest();
  if (beyond_main_.Contains(hash)) return;
  if (beyond_main_.size() == keys) {
    if (sketch_.Frequency(hash) <= sketch_.Frequency(OldestOf(beyond_main_))) return;
    beyond_main_.PopOldest();
  }
  // The half of the hash that the queue does not keep.
  beyond_main_.Push(hash, static_cast<std::uint32_t>(hash));
}

double WindowClimber::HintOf(std::uint64_t hash, std::uint32_t charge, std::uint64_t held,
                             std::uint64_t budget) {
  const int hint = (beyond_window_.Remove(hash) ? 1 : 0) - (beyond_main_.Remove(hash) ? 1 : 0);
  if (hint == 0) return 0;
  const double weight = std::max(1.0, static_cast<double>(held) / 8 / static_cast<double>(KeysOf(held)));
  balance_ += (hint - balance_) / kMemory;
  pending_ += balance_ * learning_rate_ * weight * charge;
  if (std::abs(pending_) < threshold_ * static_cast<double>(budget)) return 0;
  return std::exchange(pending_, 0);
}

}  // namespace levee::cache
