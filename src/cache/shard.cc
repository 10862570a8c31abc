#include "cache/shard.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace levee::cache {

class Shard::Writing {
 public:
  explicit Writing(Shard& shard) : shard_(shard) {
    shard_.lock_.Lock();
    shard_.PassOnNotes();
  }
  ~Writing() { shard_.lock_.Unlock(); }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

 private:
  Shard& shard_;
};

Shard::Shard(const ShardOptions& options)
    : counts_entries_(options.counts_entries),
      clock_(*options.clock),
      policy_kind_(options.policy),
      tuning_(options.tuning),
      policy_(MakePolicy(options.policy, columns_, options.tuning)),
      budget_(options.budget) {
  for (std::atomic<Slot>& note : notes_) note.store(kNoSlot, std::memory_order_relaxed);
  policy_->SetBudget(budget_);
}

template <typename Change>
auto Shard::Changed(Change&& change) {
  try {
    return change();
  } catch (...) {
    BeginAnew();
    throw;
  }
}

// Table, columns and policy must agree, and any of them may have been the one that got no memory.
void Shard::BeginAnew() noexcept {
  table_.Clear();
  marks_ = {};
  policy_.reset();
  for (Slot slot = 0; slot < end_; ++slot) columns_.entries[slot] = {};
  for (std::atomic<Slot>& note : notes_) note.store(kNoSlot, std::memory_order_relaxed);
  end_ = 0;
  free_ = kNoSlot;
  counters_.bytes = counters_.entries = counters_.packed = 0;
}

Shard::Found Shard::Get(const CacheKey& key, std::uint64_t hash) {
  Found found;
  bool expired = false;
  const std::uint64_t ticket = lock_.LockShared();
  const Slot slot = Find(key, hash);
  if (slot == kNoSlot) {
    if (evicted_.Contains(hash)) shadow_hits_.fetch_add(1, std::memory_order_relaxed);
  } else {
    expired = IsExpired(slot);
    if (!expired) {
      const Entry& entry = columns_.entries[slot];
      found.outcome = entry.negative ? Outcome::kAbsent : Outcome::kHit;
      found.packed = entry.packed;
      found.value = entry.value;
      if (ticket < kNotes) notes_[ticket].store(slot, std::memory_order_relaxed);
    }
  }
  lock_.UnlockShared();
  if (ticket + 1 >= kNotes && lock_.TryLock()) {
    PassOnNotes();
    lock_.Unlock();
  }
  if (found.outcome == Outcome::kMiss) misses_.fetch_add(1, std::memory_order_relaxed);
  if (found.outcome == Outcome::kAbsent) negative_hits_.fetch_add(1, std::memory_order_relaxed);
  if (expired) EraseIfExpired(key, hash);
  return found;
}

Shard::Found Shard::Peek(const CacheKey& key, std::uint64_t hash) {
  const Writing writing(*this);
  const Slot slot = Find(key, hash);
  return slot == kNoSlot || IsExpired(slot) ? Found() : FoundAt(slot);
}

bool Shard::HasRoom(std::uint64_t charge) {
  const Writing writing(*this);
  return Fits(charge) && counters_.bytes + charge <= budget_;
}

bool Shard::Insert(NewEntry entry, const KeepCondition* condition, Dropped& dropped) {
  const Writing writing(*this);
  // What is out of date itself says nothing about what the key has.
  if (IsOutdated(entry) || (condition != nullptr && !condition->Holds(entry.marks))) {
    ++counters_.refused;
    return false;
  }
  return Changed([&] {
    if (const Slot old = Find(entry.key, entry.hash); old != kNoSlot) {
      dropped.keys.push_back(entry.key);
      Remove(old, dropped);
    }
    if (!Fits(entry.charge)) {
      ++counters_.refused;
      return false;
    }
    MakeRoom(entry.charge, dropped);
    evicted_.Remove(entry.hash);
    Place(std::move(entry));
    return true;
  });
}

void Shard::Erase(const CacheKey& key, std::uint64_t hash, Dropped& dropped) {
  const Writing writing(*this);
  if (const Slot slot = Find(key, hash); slot != kNoSlot) Changed([&] { Invalidate(slot, dropped); });
}

void Shard::EraseLabelled(const Label& label, Dropped& dropped) {
  const Writing writing(*this);
  Changed([&] {
    for (const Slot slot : marks_.SlotsOf(label)) Invalidate(slot, dropped);
  });
}

void Shard::EraseOlder(std::uint64_t owner, std::uint64_t version, Dropped& dropped) {
  const Writing writing(*this);
  std::uint64_t& least = least_versions_[owner];
  least = std::max(least, version);
  Changed([&] {
    for (const Slot slot : marks_.SlotsBelow(version)) {
      if (columns_.entries[slot].key.owner == owner) Invalidate(slot, dropped);
    }
  });
}

void Shard::EraseExpired(Dropped& dropped) {
  const Writing writing(*this);
  Changed([&] {
    for (Slot slot = 0; slot < end_; ++slot) {
      if (!IsExpired(slot)) continue;
      Remove(slot, dropped);
      ++counters_.expirations;
    }
  });
}

void Shard::Clear(Dropped& dropped) {
  const Writing writing(*this);
  Changed([&] {
    // A free slot has no key of its own in the table.
    for (Slot slot = 0; slot < end_; ++slot) {
      const Entry& entry = columns_.entries[slot];
      if (Find(entry.key, HashOf(entry.key)) == slot) Invalidate(slot, dropped);
    }
  });
}

void Shard::SetBudget(std::uint64_t budget, Dropped& dropped) {
  const Writing writing(*this);
  budget_ = budget;
  Changed([&] {
    if (policy_ != nullptr) policy_->SetBudget(budget);
    MakeRoom(0, dropped);
  });
}

void Shard::SetPolicy(PolicyKind policy, const PolicyTuning& tuning, Dropped& dropped) {
  const Writing writing(*this);
  // Values end after the lock, as far as there is memory to carry them out.
  Changed([&] {
    dropped.values.reserve(dropped.values.size() + counters_.entries);
    for (Slot slot = 0; slot < end_; ++slot) {
      if (columns_.entries[slot].value != nullptr) dropped.values.push_back(std::move(columns_.entries[slot].value));
    }
  });
  counters_.invalidations += counters_.entries;
  BeginAnew();
  policy_kind_ = policy;
  tuning_ = tuning;
}

void Shard::WatchEvicted(std::uint64_t window_bytes) {
  const Writing writing(*this);
  evicted_.SetWindow(window_bytes);
}

CacheCounters Shard::counters() {
  const Writing writing(*this);
  CacheCounters counters = counters_;
  counters.misses = misses_.load(std::memory_order_relaxed);
  // A look-up counts its miss just after it left the lock.
  counters.hits = gets_ - std::min(gets_, counters.misses);
  counters.shadow_hits = shadow_hits_.load(std::memory_order_relaxed);
  counters.negative_hits = negative_hits_.load(std::memory_order_relaxed);
  return counters;
}

bool Shard::IsExpired(Slot slot) const {
  // Most caches have no deadlines, and then no clock is read.
  return columns_.entries[slot].expires && columns_.deadlines_ns[slot] <= clock_.MonotonicNanos();
}

Shard::Found Shard::FoundAt(Slot slot) const {
  const Entry& entry = columns_.entries[slot];
  return {entry.negative ? Outcome::kAbsent : Outcome::kHit, entry.packed, entry.value};
}

void Shard::PassOnNotes() noexcept {
  const std::uint64_t tickets = lock_.tickets();
  std::array<Slot, kNotes> touched;
  std::size_t count = 0;
  for (std::uint64_t i = 0; i < std::min(tickets, kNotes); ++i) {
    const Slot slot = notes_[i].load(std::memory_order_relaxed);
    if (slot == kNoSlot) continue;
    touched[count++] = slot;
    notes_[i].store(kNoSlot, std::memory_order_relaxed);
  }
  // Tickets in vain of this very moment may be among those of the next turn, hence the signed sum.
  gets_ += tickets - lock_.TakeWasted();
  if (count == 0) return;
  try {
    policy_->Touched(std::span(touched.data(), count));
  } catch (...) {
    BeginAnew();  // nobody asked for a change, so nobody is told
  }
}

void Shard::EraseIfExpired(const CacheKey& key, std::uint64_t hash) {
  Dropped dropped;
  const Writing writing(*this);
  const Slot slot = Find(key, hash);
  // Somebody else may have been faster, or have written the key anew.
  if (slot == kNoSlot || !IsExpired(slot)) return;
  Changed([&] { Remove(slot, dropped); });
  ++counters_.expirations;
}

bool Shard::IsOutdated(const NewEntry& entry) const {
  if (!entry.marks.version) return false;
  const auto least = least_versions_.find(entry.key.owner);
  return least != least_versions_.end() && *entry.marks.version < least->second;
}

bool Shard::Fits(std::uint64_t charge) const {
  const std::uint64_t most = counts_entries_ ? budget_ : budget_ / 4;
  return charge <= std::min<std::uint64_t>(most, std::numeric_limits<std::uint32_t>::max());
}

void Shard::MakeRoom(std::uint64_t charge, Dropped& dropped) {
  while (counters_.entries != 0 &&
         (counters_.bytes + charge > budget_ || counters_.entries + 1 >= kSlotLimit)) {
    const Slot victim = policy_->Victim(static_cast<std::uint32_t>(charge));
    const Entry& entry = columns_.entries[victim];
    evicted_.Add(HashOf(entry.key), entry.charge);
    Remove(victim, dropped);
    ++counters_.evictions;
  }
}

void Shard::Place(NewEntry entry) {
  if (policy_ == nullptr) {
    policy_ = MakePolicy(policy_kind_, columns_, tuning_);
    policy_->SetBudget(budget_);
  }
  const Slot slot = TakeSlot();
  columns_.entries[slot] = {.key = entry.key,
                            .value = std::move(entry.value),
                            .charge = static_cast<std::uint32_t>(entry.charge),
                            .expires = entry.deadline_ns != kNoDeadline,
                            .negative = entry.negative,
                            .packed = entry.packed,
                            .marked = !entry.marks.empty()};
  if (entry.deadline_ns != kNoDeadline) {
    columns_.deadlines_ns.GrowTo(end_);
    columns_.deadlines_ns[slot] = entry.deadline_ns;
  }
  if (!entry.marks.empty()) marks_.Add(slot, std::move(entry.marks));
  table_.Insert(entry.hash, slot, [this](Slot of) { return HashOf(columns_.entries[of].key); });
  counters_.bytes += entry.charge;
  counters_.packed += entry.packed ? 1 : 0;
  ++counters_.entries;
  ++counters_.inserts;
  policy_->Inserted(slot);
}

void Shard::Remove(Slot slot, Dropped& dropped) {
  policy_->Removed(slot);
  Entry& entry = columns_.entries[slot];
  table_.Erase(HashOf(entry.key), slot, [this](Slot of) { return HashOf(columns_.entries[of].key); });
  if (entry.marked) marks_.Remove(slot);
  dropped.values.push_back(std::move(entry.value));
  counters_.bytes -= entry.charge;
  --counters_.entries;
  entry = {.charge = free_};
  free_ = slot;
}

void Shard::Invalidate(Slot slot, Dropped& dropped) {
  dropped.keys.push_back(columns_.entries[slot].key);
  Remove(slot, dropped);
  ++counters_.invalidations;
}

Slot Shard::TakeSlot() {
  if (free_ != kNoSlot) {
    const Slot slot = free_;
    free_ = columns_.entries[slot].charge;
    return slot;
  }
  columns_.entries.GrowTo(end_ + 1);
  return end_++;
}

}  // namespace levee::cache
