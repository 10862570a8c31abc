// Chooses what a full cache gives up.
#pragma once

#include <cstdint>
#include <memory>

namespace levee::cache {

// Orders the slots of one shard; the shard's lock guards it. A slot is a number that stands for one
// value from its insertion to its removal and is never used again.
class EvictionPolicy {
 public:
  using Slot = std::uint64_t;

  virtual ~EvictionPolicy() = default;
  virtual void Inserted(Slot slot) = 0;
  virtual void Touched(Slot slot) = 0;
  virtual void Removed(Slot slot) = 0;
  // The slot to give up next; only asked while there is one.
  virtual Slot Victim() = 0;
};

// Gives up the value that was used longest ago.
std::unique_ptr<EvictionPolicy> MakeLruPolicy();

}  // namespace levee::cache
