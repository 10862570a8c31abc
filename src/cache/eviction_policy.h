// Chooses what a full cache gives up. docs/cache.md defines each policy to the last tie.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "cache/entry.h"
#include "cache/policy_kind.h"

namespace levee::cache {

// What policies may be told; each reads its own part.
struct PolicyTuning {
  // lfu: all counts are multiplied by `lfu_decay` (0 to 1), rounded down, after every `lfu_window` accesses;
  // 0 stands for ten times the entries held when the window begins, at least 1,000.
  std::uint64_t lfu_window = 0;
  double lfu_decay = 0.5;
  // adaptive: by how many entries the window moves at a hint when all hints of late agree, above 0; it moves
  // only once the moves asked for add up to this part of the budget (0 to 1).
  double learning_rate = 6;
  double performance_threshold = 0;
  // adaptive: how many entries to size the frequency sketch for at once; it grows when there are more.
  std::uint64_t expected_entries = 0;

  bool operator==(const PolicyTuning&) const = default;
};

// Orders the slots of one shard; the shard's lock guards it. Sums of charges never exceed the budget when
// the shard asks for a victim until the newcomer fits, and only then inserts.
class EvictionPolicy {
 public:
  virtual ~EvictionPolicy() = default;
  // In the unit of the charges. What is above the new budget leaves through Victim.
  virtual void SetBudget(std::uint64_t /*budget*/) {}
  // The columns hold the slot's entry already.
  virtual void Inserted(Slot slot) = 0;
  // The hits since the last call, in their order.
  virtual void Touched(std::span<const Slot> slots) = 0;
  // The columns still hold the slot's entry. Called for victims too.
  virtual void Removed(Slot slot) = 0;
  // The slot to give up next so that `incoming_charge` fits (0: the budget shrank); only asked while there
  // is a slot. The caller removes it.
  virtual Slot Victim(std::uint32_t incoming_charge) = 0;
};

// One maker a policy file. `columns` must outlive the policy.
std::unique_ptr<EvictionPolicy> MakeLruPolicy();
std::unique_ptr<EvictionPolicy> MakeFifoPolicy();
std::unique_ptr<EvictionPolicy> MakeLfuPolicy(const PolicyTuning& tuning);
std::unique_ptr<EvictionPolicy> MakeTtlPolicy(const EntryColumns& columns);
std::unique_ptr<EvictionPolicy> MakeAdaptivePolicy(const EntryColumns& columns, const PolicyTuning& tuning);

std::unique_ptr<EvictionPolicy> MakePolicy(PolicyKind kind, const EntryColumns& columns,
                                           const PolicyTuning& tuning);

}  // namespace levee::cache
