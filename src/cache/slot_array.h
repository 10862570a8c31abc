// An array that grows a chunk at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace levee::cache {

// Stands for one entry of a shard from its insertion to its removal; below kSlotLimit, and used again.
using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = 0xffffff;
inline constexpr Slot kSlotLimit = kNoSlot;

// Elements never move, and at most one chunk is unused: doubling would waste up to half of the memory.
template <typename T>
class SlotArray {
 public:
  T& operator[](Slot slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  const T& operator[](Slot slot) const { return chunks_[slot / kChunk][slot % kChunk]; }

  // Makes the slots below `end` usable; new ones are value-initialised.
  void GrowTo(Slot end) {
    while (chunks_.size() * kChunk < end) chunks_.push_back(std::make_unique<T[]>(kChunk));
  }

 private:
  static constexpr Slot kChunk = 64;
  std::vector<std::unique_ptr<T[]>> chunks_;
};

}  // namespace levee::cache
