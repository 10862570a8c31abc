#include <list>
#include <unordered_map>

#include "cache/eviction_policy.h"

namespace levee::cache {
namespace {

class LruPolicy final : public EvictionPolicy {
 public:
  void Inserted(Slot slot) override {
    order_.push_front(slot);
    places_[slot] = order_.begin();
  }

  void Touched(Slot slot) override { order_.splice(order_.begin(), order_, places_[slot]); }

  void Removed(Slot slot) override {
    const auto place = places_.find(slot);
    order_.erase(place->second);
    places_.erase(place);
  }

  Slot Victim() override { return order_.back(); }

 private:
  std::list<Slot> order_;  // newest first
  std::unordered_map<Slot, std::list<Slot>::iterator> places_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> MakeLruPolicy() { return std::make_unique<LruPolicy>(); }

}  // namespace levee::cache
