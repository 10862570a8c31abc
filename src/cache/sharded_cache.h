// A cache of immutable values, bounded by the bytes they hold.
//
// The key space is split over shards, each with its own lock, so that threads rarely wait for each other.
// What leaves when a shard is full is an EvictionPolicy's choice; the default is least recently used.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "cache/eviction_policy.h"

namespace levee::cache {

// Names a value. The owner of the cache defines what the parts mean.
struct CacheKey {
  std::uint64_t owner = 0;
  std::uint64_t part = 0;

  friend bool operator==(const CacheKey&, const CacheKey&) = default;
};

struct CacheCounters {
  std::uint64_t hits = 0, misses = 0, inserts = 0, evictions = 0;
  std::uint64_t entries = 0, bytes = 0;
};

// A cache by its name, for those who look at the process from outside.
struct CacheUse {
  std::string_view name;  // of a cache that lives as long as the process: a literal
  std::uint64_t capacity_bytes = 0;
  CacheCounters counters;
};

// Thread-safe. A value stays alive as long as somebody holds it, also after its eviction.
class ShardedCache {
 public:
  using PolicyFactory = std::function<std::unique_ptr<EvictionPolicy>()>;

  explicit ShardedCache(std::size_t capacity_bytes, const PolicyFactory& make_policy = MakeLruPolicy);

  // Null on a miss. T must be the type that was inserted under the key.
  template <typename T>
  std::shared_ptr<const T> Find(const CacheKey& key) {
    return std::static_pointer_cast<const T>(FindAny(key));
  }

  // Keeps `value`, charged with `size_bytes`; replaces what the key had. A value above a quarter of a
  // shard is not kept. Returns `value`.
  template <typename T>
  std::shared_ptr<const T> Insert(const CacheKey& key, std::shared_ptr<const T> value, std::size_t size_bytes) {
    InsertAny(key, value, size_bytes);
    return value;
  }

  void Clear();
  std::size_t capacity_bytes() const { return shard_capacity_ * kShards; }
  // Summed over the shards, not at one instant.
  CacheCounters counters() const;
  CacheUse UseAs(std::string_view name) const { return {name, capacity_bytes(), counters()}; }

 private:
  static constexpr std::size_t kShards = 8;

  struct KeyHash {
    std::size_t operator()(const CacheKey& key) const;
  };
  struct Entry {
    std::shared_ptr<const void> value;
    std::size_t size_bytes = 0;
    EvictionPolicy::Slot slot = 0;
  };
  struct Shard {
    mutable std::mutex mutex;
    // Guarded by mutex.
    std::unordered_map<CacheKey, Entry, KeyHash> entries;
    std::unordered_map<EvictionPolicy::Slot, CacheKey> keys_of_slots;
    std::unique_ptr<EvictionPolicy> policy;
    EvictionPolicy::Slot next_slot = 0;
    CacheCounters counters;
  };

  std::shared_ptr<const void> FindAny(const CacheKey& key);
  void InsertAny(const CacheKey& key, std::shared_ptr<const void> value, std::size_t size_bytes);
  Shard& ShardOf(const CacheKey& key) { return shards_[KeyHash()(key) >> 61]; }

  const std::size_t shard_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace levee::cache
