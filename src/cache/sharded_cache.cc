#include "cache/sharded_cache.h"

#include <utility>
#include <vector>

namespace levee::cache {

std::size_t ShardedCache::KeyHash::operator()(const CacheKey& key) const {
  // Two rounds of a multiplicative mix: keys are small consecutive numbers, and the top bits choose the shard.
  std::uint64_t mixed = (key.owner ^ (key.part * 0x9e3779b97f4a7c15ULL)) * 0xff51afd7ed558ccdULL;
  mixed = (mixed ^ (mixed >> 32)) * 0xc4ceb9fe1a85ec53ULL;
  return mixed;
}

ShardedCache::ShardedCache(std::size_t capacity_bytes, const PolicyFactory& make_policy)
    : shard_capacity_(capacity_bytes / kShards) {
  for (Shard& shard : shards_) shard.policy = make_policy();
}

std::shared_ptr<const void> ShardedCache::FindAny(const CacheKey& key) {
  Shard& shard = ShardOf(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(key);
  if (found == shard.entries.end()) {
    ++shard.counters.misses;
    return nullptr;
  }
  ++shard.counters.hits;
  shard.policy->Touched(found->second.slot);
  return found->second.value;
}

void ShardedCache::InsertAny(const CacheKey& key, std::shared_ptr<const void> value, std::size_t size_bytes) {
  // What leaves is released after the lock, since a destructor may be slow.
  std::vector<std::shared_ptr<const void>> released;
  Shard& shard = ShardOf(key);
  const std::lock_guard lock(shard.mutex);
  const auto remove = [&](const CacheKey& leaving) {
    const auto place = shard.entries.find(leaving);
    shard.policy->Removed(place->second.slot);
    shard.keys_of_slots.erase(place->second.slot);
    shard.counters.bytes -= place->second.size_bytes;
    released.push_back(std::move(place->second.value));
    shard.entries.erase(place);
  };
  if (shard.entries.contains(key)) remove(key);
  if (size_bytes > shard_capacity_ / 4) return;
  while (!shard.entries.empty() && shard.counters.bytes + size_bytes > shard_capacity_) {
    const CacheKey victim = shard.keys_of_slots.at(shard.policy->Victim());
    remove(victim);
    ++shard.counters.evictions;
  }
  const EvictionPolicy::Slot slot = shard.next_slot++;
  shard.policy->Inserted(slot);
  shard.keys_of_slots.emplace(slot, key);
  shard.entries.emplace(key, Entry{std::move(value), size_bytes, slot});
  shard.counters.bytes += size_bytes;
  ++shard.counters.inserts;
}

void ShardedCache::Clear() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (const auto& [key, entry] : shard.entries) shard.policy->Removed(entry.slot);
    shard.entries.clear();
    shard.keys_of_slots.clear();
    shard.counters.bytes = 0;
  }
}

CacheCounters ShardedCache::counters() const {
  CacheCounters sum;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum.hits += shard.counters.hits;
    sum.misses += shard.counters.misses;
    sum.inserts += shard.counters.inserts;
    sum.evictions += shard.counters.evictions;
    sum.bytes += shard.counters.bytes;
    sum.entries += shard.entries.size();
  }
  return sum;
}

}  // namespace levee::cache
