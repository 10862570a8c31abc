// Remembers keys that were given up, without their values.
#pragma once

#include <cstdint>
#include <optional>

#include "cache/key_table.h"
#include "cache/slot_list.h"

namespace levee::cache {

// Hashes, newest first, of which the upper half is kept: two keys that agree in it count as one.
class GhostQueue {
 public:
  std::uint64_t size() const { return size_; }

  std::uint32_t oldest_half() const { return nodes_[order_.back()].hash; }

  bool Contains(std::uint64_t hash) const { return Find(hash) != kNoSlot; }

  std::uint32_t oldest_stamp() const { return nodes_[order_.back()].stamp; }
  // Empty when it is not there.
  std::optional<std::uint32_t> StampOf(std::uint64_t hash) const {
    const Slot found = Find(hash);
    if (found == kNoSlot) return std::nullopt;
    return nodes_[found].stamp;
  }

  // Makes the hash the newest; it may be there. What the stamp means is the caller's.
  void Push(std::uint64_t hash, std::uint32_t stamp = 0) {
    const Slot found = Find(hash);
    if (found != kNoSlot) {
      nodes_[found].stamp = stamp;
      return order_.MoveToFront(nodes_, found);
    }
    const Slot slot = free_.empty() ? end_++ : free_.front();
    if (!free_.empty()) free_.Remove(nodes_, slot);
    nodes_.GrowTo(slot + 1);
    nodes_[slot].hash = Half(hash);
    nodes_[slot].stamp = stamp;
    order_.PushFront(nodes_, slot);
    table_.Insert(Spread(Half(hash)), slot, [this](Slot of) { return Spread(nodes_[of].hash); });
    ++size_;
  }

  void PopOldest() { Drop(order_.back()); }

  // True when it was there.
  bool Remove(std::uint64_t hash) {
    const Slot found = Find(hash);
    if (found == kNoSlot) return false;
    Drop(found);
    return true;
  }

 private:
  struct Node {
    std::uint32_t hash = 0;
    std::uint32_t stamp = 0;
    std::uint32_t prev : 24 = kNoSlot;
    std::uint32_t unused : 8 = 0;
    std::uint32_t next : 24 = kNoSlot;
    std::uint32_t unused_too : 8 = 0;
  };

  static std::uint32_t Half(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  // A hash as the table wants it: the place comes from the upper half, a tag from the lowest byte.
  static std::uint64_t Spread(std::uint32_t half) { return std::uint64_t{half} << 32 | half; }

  Slot Find(std::uint64_t hash) const {
    const std::uint32_t half = Half(hash);
    return table_.Find(Spread(half), [&](Slot slot) { return nodes_[slot].hash == half; });
  }

  void Drop(Slot slot) {
    table_.Erase(Spread(nodes_[slot].hash), slot, [this](Slot of) { return Spread(nodes_[of].hash); });
    order_.Remove(nodes_, slot);
    free_.PushFront(nodes_, slot);
    --size_;
  }

  SlotArray<Node> nodes_;
  SlotList<Node> order_;
  SlotList<Node> free_;
  KeyTable table_;
  Slot end_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace levee::cache
