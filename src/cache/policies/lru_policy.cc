// `lru`: gives up the value that was used longest ago.
#include "cache/eviction_policy.h"
#include "cache/slot_list.h"

namespace levee::cache {
namespace {

class LruPolicy final : public EvictionPolicy {
 public:
  void Inserted(Slot slot) override {
    nodes_.GrowTo(slot + 1);
    order_.PushFront(nodes_, slot);
  }
  void Touched(std::span<const Slot> slots) override {
    for (const Slot slot : slots) order_.MoveToFront(nodes_, slot);
  }
  void Removed(Slot slot) override { order_.Remove(nodes_, slot); }
  Slot Victim(std::uint32_t /*incoming_charge*/) override { return order_.back(); }

 private:
  SlotArray<ListNode> nodes_;
  SlotList<ListNode> order_;  // by last use
};

}  // namespace

std::unique_ptr<EvictionPolicy> MakeLruPolicy() { return std::make_unique<LruPolicy>(); }

}  // namespace levee::cache
