// `lfu`: gives up the value that was used least often of late, and among equals the one used longest ago.
#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "cache/eviction_policy.h"
#include "cache/slot_list.h"

namespace levee::cache {
namespace {

// A list for each count that occurs, each ordered by last use: an entry enters a list by being used, so it
// belongs at the front. Only decay merges lists, and then the last uses tell the order.
class LfuPolicy final : public EvictionPolicy {
 public:
  explicit LfuPolicy(const PolicyTuning& tuning)
      : fixed_window_(std::min<std::uint64_t>(tuning.lfu_window, kLongestWindow)),
        decay_(std::clamp(tuning.lfu_decay, 0.0, 1.0)) {}

  void Inserted(Slot slot) override {
    nodes_.GrowTo(slot + 1);
    Enter(slot, 1);
    ++held_;
    CountAccess();
  }

  void Touched(std::span<const Slot> slots) override {
    for (const Slot slot : slots) {
      const std::uint32_t count = nodes_[slot].count;
      Leave(slot);
      Enter(slot, count + 1);
      CountAccess();
    }
  }

  void Removed(Slot slot) override {
    Leave(slot);
    --held_;
  }

  Slot Victim(std::uint32_t /*incoming_charge*/) override { return by_count_.begin()->second.back(); }

 private:
  struct Node {
    Slot prev = kNoSlot;
    Slot next = kNoSlot;
    std::uint32_t count = 0;
    std::uint32_t last_use = 0;  // numbered anew by each decay
  };
  static constexpr std::uint64_t kLongestWindow = 1ULL << 31;
  static constexpr std::uint64_t kLeastWindow = 1000;

  void Enter(Slot slot, std::uint32_t count) {
    nodes_[slot].count = count;
    nodes_[slot].last_use = next_use_++;
    by_count_[count].PushFront(nodes_, slot);
  }

  void Leave(Slot slot) {
    const auto list = by_count_.find(nodes_[slot].count);
    list->second.Remove(nodes_, slot);
    if (list->second.empty()) by_count_.erase(list);
  }

  void CountAccess() {
    if (accesses_ == 0) window_ = fixed_window_ != 0 ? fixed_window_ : std::max(kLeastWindow, 10 * held_);
    if (++accesses_ < window_) return;
    accesses_ = 0;
    Decay();
  }

  void Decay() {
    std::vector<Slot> by_use;
    by_use.reserve(held_);
    for (const auto& [count, list] : by_count_) {
      for (Slot slot = list.front(); slot != kNoSlot; slot = nodes_[slot].next) by_use.push_back(slot);
    }
    std::sort(by_use.begin(), by_use.end(),
              [this](Slot left, Slot right) { return nodes_[left].last_use < nodes_[right].last_use; });
    by_count_.clear();
    next_use_ = 0;
    for (const Slot slot : by_use) {
      Enter(slot, static_cast<std::uint32_t>(std::floor(nodes_[slot].count * decay_)));
    }
  }

  const std::uint64_t fixed_window_;
  const double decay_;
  SlotArray<Node> nodes_;
  std::map<std::uint32_t, SlotList<Node>> by_count_;
  std::uint64_t held_ = 0;
  std::uint64_t window_ = 0;
  std::uint64_t accesses_ = 0;  // in this window
  std::uint32_t next_use_ = 0;
};

}  // namespace

std::unique_ptr<EvictionPolicy> MakeLfuPolicy(const PolicyTuning& tuning) {
  return std::make_unique<LfuPolicy>(tuning);
}

}  // namespace levee::cache
