// `fifo`: gives up the value that was written longest ago; reading changes nothing.
#include "cache/eviction_policy.h"
#include "cache/slot_list.h"

namespace levee::cache {
namespace {

class FifoPolicy final : public EvictionPolicy {
 public:
  void Inserted(Slot slot) override {
    nodes_.GrowTo(slot + 1);
    order_.PushFront(nodes_, slot);
  }
  void Touched(std::span<const Slot> /*slots*/) override {}
  void Removed(Slot slot) override { order_.Remove(nodes_, slot); }
  Slot Victim(std::uint32_t /*incoming_charge*/) override { return order_.back(); }

 private:
  SlotArray<ListNode> nodes_;
  SlotList<ListNode> order_;  // by insertion
};

}  // namespace

std::unique_ptr<EvictionPolicy> MakeFifoPolicy() { return std::make_unique<FifoPolicy>(); }

}  // namespace levee::cache
