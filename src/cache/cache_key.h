// What names a cached value.
#pragma once

#include <cstddef>
#include <cstdint>

namespace levee::cache {

// The owner of the cache defines what the parts mean.
struct CacheKey {
  std::uint64_t owner = 0;
  std::uint64_t part = 0;

  friend bool operator==(const CacheKey&, const CacheKey&) = default;
};

// Every bit of the key reaches every bit of the hash: keys are small consecutive numbers, and the shard, the
// place in the table and the counters of the sketch each take other bits.
inline std::uint64_t HashOf(const CacheKey& key) {
  std::uint64_t mixed = (key.owner + 0x9e3779b97f4a7c15ULL) * 0xff51afd7ed558ccdULL;
  mixed = (mixed ^ (mixed >> 32) ^ key.part) * 0xc4ceb9fe1a85ec53ULL;
  mixed = (mixed ^ (mixed >> 29)) * 0xbf58476d1ce4e5b9ULL;
  return mixed ^ (mixed >> 32);
}

struct CacheKeyHash {
  std::size_t operator()(const CacheKey& key) const { return HashOf(key); }
};

}  // namespace levee::cache
