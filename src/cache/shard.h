// One part of the key space: its entries, their order, its lock.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "cache/cache_counters.h"
#include "cache/entry.h"
#include "cache/entry_marks.h"
#include "cache/evicted_keys.h"
#include "cache/eviction_policy.h"
#include "cache/key_table.h"
#include "cache/shard_lock.h"

namespace levee::cache {

// What left a shard. Declared before the call that fills it, so that values are released after the lock:
// a destructor may be slow.
struct Dropped {
  std::vector<std::shared_ptr<const void>> values;
  std::vector<CacheKey> keys;  // of what was invalidated or written anew: others may depend on it
};

struct ShardOptions {
  PolicyKind policy = PolicyKind::kLru;
  PolicyTuning tuning;
  std::uint64_t budget = 0;
  bool counts_entries = false;  // else a value above a quarter of the budget is not kept
  Clock* clock = nullptr;
};

// What to keep; the hash is the key's.
struct NewEntry {
  CacheKey key;
  std::uint64_t hash = 0;
  std::shared_ptr<const void> value;
  std::uint64_t charge = 0;
  std::int64_t deadline_ns = kNoDeadline;
  bool negative = false;
  bool packed = false;
  Marks marks;
};

// Asked under the shard's lock whether what was loaded may still be kept.
class KeepCondition {
 public:
  virtual ~KeepCondition() = default;
  virtual bool Holds(const Marks& marks) const = 0;
};

// Thread-safe. A look-up that finds its key takes the lock shared and leaves a note for the policy in a
// buffer; whoever changes the shard, or fills the buffer, passes the notes on first. So the policy sees
// every hit in order as long as one thread looks up at a time; under contention a few may be lost.
class alignas(64) Shard {
 public:
  enum class Outcome : std::uint8_t { kMiss, kHit, kAbsent };  // kAbsent: a negative entry
  struct Found {
    Outcome outcome = Outcome::kMiss;
    bool packed = false;
    std::shared_ptr<const void> value;
  };

  explicit Shard(const ShardOptions& options);

  Found Get(const CacheKey& key, std::uint64_t hash);
  // As Get, but it counts nothing and tells the policy nothing.
  Found Peek(const CacheKey& key, std::uint64_t hash);
  // Whether an entry of that charge would be kept, and nothing had to go for it.
  bool HasRoom(std::uint64_t charge);
  // False when it was refused. What the key had goes, unless the new entry is itself out of date.
  bool Insert(NewEntry entry, const KeepCondition* condition, Dropped& dropped);
  void Erase(const CacheKey& key, std::uint64_t hash, Dropped& dropped);
  void EraseLabelled(const Label& label, Dropped& dropped);
  // Also refuses such entries from now on.
  void EraseOlder(std::uint64_t owner, std::uint64_t version, Dropped& dropped);
  void EraseExpired(Dropped& dropped);
  void Clear(Dropped& dropped);
  void SetBudget(std::uint64_t budget, Dropped& dropped);
  // Goes on, empty, with another policy.
  void SetPolicy(PolicyKind policy, const PolicyTuning& tuning, Dropped& dropped);
  // Misses of what was evicted less than so many bytes ago are counted; 0: they are not.
  void WatchEvicted(std::uint64_t window_bytes);
  // Turns a counted hit into a miss: its value could not be unpacked.
  void CountFailedHit() { misses_.fetch_add(1, std::memory_order_relaxed); }
  CacheCounters counters();

 private:
  // Holds the lock alone and passes on the notes.
  class Writing;
  static constexpr std::uint64_t kNotes = 64;

  Slot Find(const CacheKey& key, std::uint64_t hash) const {
    return table_.Find(hash, [&](Slot slot) { return columns_.entries[slot].key == key; });
  }
  bool IsExpired(Slot slot) const;
  // What a look-up of an entry that is not expired returns.
  Found FoundAt(Slot slot) const;
  void PassOnNotes() noexcept;
  // Runs what changes the shard. Where memory gives out half-way, the shard begins anew, and what was thrown goes on.
  template <typename Change>
  auto Changed(Change&& change);
  void BeginAnew() noexcept;
  void EraseIfExpired(const CacheKey& key, std::uint64_t hash);
  bool IsOutdated(const NewEntry& entry) const;
  bool Fits(std::uint64_t charge) const;
  void MakeRoom(std::uint64_t charge, Dropped& dropped);
  void Place(NewEntry entry);
  void Remove(Slot slot, Dropped& dropped);
  void Invalidate(Slot slot, Dropped& dropped);
  Slot TakeSlot();

  ShardLock lock_;
  // Written by readers, each in the place of its ticket.
  std::array<std::atomic<Slot>, kNotes> notes_;
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> negative_hits_{0};
  std::atomic<std::uint64_t> shadow_hits_{0};

  // Constant after construction.
  const bool counts_entries_;
  Clock& clock_;

  // Guarded by lock_.
  PolicyKind policy_kind_;
  PolicyTuning tuning_;
  KeyTable table_;
  EntryColumns columns_;
  std::unique_ptr<EvictionPolicy> policy_;  // null: nothing was inserted since the shard began anew
  MarkIndex marks_;
  EvictedKeys evicted_;
  std::unordered_map<std::uint64_t, std::uint64_t> least_versions_;  // by owner
  Slot end_ = 0;             // slots below were used at some time
  Slot free_ = kNoSlot;      // a chain through the charges of free entries
  std::uint64_t budget_ = 0;
  std::uint64_t gets_ = 0;
  CacheCounters counters_;   // but for hits and misses
};

}  // namespace levee::cache
