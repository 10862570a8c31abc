// `ttl`: gives up the value that expires first. Lives differ (negative entries' are short), hence a heap.
#include <cstddef>
#include <utility>

#include "cache/eviction_policy.h"

namespace levee::cache {
namespace {

class TtlPolicy final : public EvictionPolicy {
 public:
  explicit TtlPolicy(const EntryColumns& columns) : columns_(columns) {}

  void Inserted(Slot slot) override {
    nodes_.GrowTo(slot + 1);
    heap_.GrowTo(size_ + 1);
    nodes_[slot].write = next_write_++;
    Put(size_++, slot);
    Rise(nodes_[slot].place);
  }

  void Touched(std::span<const Slot> /*slots*/) override {}

  void Removed(Slot slot) override {
    const Slot place = nodes_[slot].place;
    const Slot last = heap_[--size_];
    if (last == slot) return;
    Put(place, last);
    Rise(place);
    Sink(nodes_[last].place);
  }

  Slot Victim(std::uint32_t /*incoming_charge*/) override { return heap_[0]; }

 private:
  struct Node {
    Slot place = 0;
    std::uint32_t write = 0;
  };

  // Equal deadlines: what was written first. The number of the write may wrap, hence the signed distance.
  bool Before(Slot left, Slot right) const {
    const std::int64_t left_ns = columns_.DeadlineOf(left);
    const std::int64_t right_ns = columns_.DeadlineOf(right);
    if (left_ns != right_ns) return left_ns < right_ns;
    return static_cast<std::int32_t>(nodes_[left].write - nodes_[right].write) < 0;
  }

  void Put(Slot place, Slot slot) {
    heap_[place] = slot;
    nodes_[slot].place = place;
  }

  void Rise(Slot place) {
    const Slot slot = heap_[place];
    while (place > 0 && Before(slot, heap_[(place - 1) / 2])) {
      Put(place, heap_[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
    Put(place, slot);
  }

  void Sink(Slot place) {
    const Slot slot = heap_[place];
    while (2 * place + 1 < size_) {
      Slot child = 2 * place + 1;
      if (child + 1 < size_ && Before(heap_[child + 1], heap_[child])) ++child;
      if (!Before(heap_[child], slot)) break;
      Put(place, heap_[child]);
      place = child;
    }
    Put(place, slot);
  }

  const EntryColumns& columns_;
  SlotArray<Node> nodes_;
  SlotArray<Slot> heap_;  // by place
  Slot size_ = 0;
  std::uint32_t next_write_ = 0;
};

}  // namespace

std::unique_ptr<EvictionPolicy> MakeTtlPolicy(const EntryColumns& columns) {
  return std::make_unique<TtlPolicy>(columns);
}

}  // namespace levee::cache
