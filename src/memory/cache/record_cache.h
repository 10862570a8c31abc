// Records of items as they were read and decompressed, kept for who asks again. docs/memory-bank.md, "What is kept in memory".
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "base/bytes.h"
#include "base/memory_budget.h"
#include "cache/sharded_cache.h"

namespace levee::memory {

struct RecordCacheOptions {
  std::size_t size_bytes = 32u << 20;  // 0: nothing is kept
  cache::PolicyKind policy = cache::PolicyKind::kAdaptive;
  cache::PolicyTuning tuning;
  std::int64_t life_ns = 0;            // of a record; 0: as long as there is room
  std::size_t compress_above_bytes = 0;  // longer records are kept compressed; 0: none

  bool operator==(const RecordCacheOptions&) const = default;
};

// Thread-safe. Where a record stands never changes its bytes, so that nothing kept here can be stale: a merge that leaves
// a page where it is leaves its records here too. What it may fill is held of the process's memory budget; it gives way
// to whoever else needs memory, and takes it back once there is plenty.
class RecordCache {
 public:
  // The place of a record; the slots of a page are fewer than 65,536.
  struct Place {
    std::int64_t chunk = 0;
    std::uint32_t slot = 0;
  };

  // Both outlive it.
  RecordCache(const RecordCacheOptions& options, MemoryBudget& budget, Clock& clock);
  RecordCache(const RecordCache&) = delete;
  RecordCache& operator=(const RecordCache&) = delete;

  // Null: it is not here.
  std::shared_ptr<const Bytes> Find(const Place& place) {
    return is_on() ? cache_.Find<Bytes>(KeyOf(place)) : nullptr;
  }
  // Keeps it, if it pays, and returns it.
  std::shared_ptr<const Bytes> Keep(const Place& place, Bytes record);

  cache::CacheCounters counters() const { return cache_.counters(); }
  std::size_t capacity_bytes() const { return cache_.capacity_bytes(); }
  // Whether anything may be kept at all.
  bool is_on() const { return size_bytes_ != 0; }
  // Goes on with these: what is kept stays where only the size is another, and else goes.
  void Change(const RecordCacheOptions& options);
  void Clear() { cache_.Clear(); }

 private:
  static cache::CacheKey KeyOf(const Place& place) {
    return {.owner = place.slot, .part = static_cast<std::uint64_t>(place.chunk)};
  }
  void Resize(std::size_t size_bytes);
  std::uint64_t GiveWay(std::uint64_t wanted);
  // Takes up to `wanted` bytes more of the budget.
  void Claim(std::size_t wanted);

  MemoryBudget& budget_;
  std::atomic<std::size_t> size_bytes_;   // what it was asked to fill
  std::atomic<std::uint32_t> kept_{0};    // counts records, to look at the budget now and then
  std::mutex changing_;                   // held while options change
  RecordCacheOptions options_;            // guarded by changing_
  std::mutex mutex_;
  MemoryHold hold_;                       // guarded by mutex_; as many bytes as the cache may fill
  cache::ShardedCache cache_;
  std::unique_ptr<MemoryBudget::Evictor> evictor_;  // last: it uses the rest
};

}  // namespace levee::memory
