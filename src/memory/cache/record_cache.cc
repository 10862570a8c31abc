#include "memory/cache/record_cache.h"

#include <algorithm>
#include <limits>

#include "memory/cache/record_packing.h"

namespace levee::memory {
namespace {

// What an entry takes beside the record: its slot, the policy's, and two blocks of the heap.
constexpr std::size_t kEntryBytes = 160;

// Longer than any record: none.
std::size_t CompressedAbove(const RecordCacheOptions& options) {
  return options.compress_above_bytes != 0 ? options.compress_above_bytes : std::numeric_limits<std::size_t>::max();
}

cache::CacheOptions CacheOptionsOf(const RecordCacheOptions& options, Clock& clock) {
  cache::CacheOptions made{.name = "items", .budget = 0, .policy = options.policy, .tuning = options.tuning,
                           .life_ns = options.life_ns, .clock = &clock};
  made.codec = &RecordPacking();
  made.compress_above_bytes = CompressedAbove(options);
  return made;
}

}  // namespace

RecordCache::RecordCache(const RecordCacheOptions& options, MemoryBudget& budget, Clock& clock)
    : budget_(budget), size_bytes_(options.size_bytes), options_(options), hold_(budget, MemoryPart::kCaches),
      cache_(CacheOptionsOf(options, clock)) {
  Claim(options.size_bytes);
  evictor_ = budget.AddEvictor([this](std::uint64_t wanted) { return GiveWay(wanted); });
}

std::shared_ptr<const Bytes> RecordCache::Keep(const Place& place, Bytes record) {
  const std::size_t size = record.size() + kEntryBytes;
  auto kept = std::make_shared<const Bytes>(std::move(record));
  if (!is_on()) return kept;
  constexpr std::uint32_t kLookEvery = 4'096;
  if (kept_.fetch_add(1, std::memory_order_relaxed) % kLookEvery == kLookEvery - 1) {
    const std::size_t wanted = size_bytes_.load(std::memory_order_relaxed), has = capacity_bytes();
    if (has < wanted) Claim(wanted - has);
  }
  return cache_.Insert(KeyOf(place), std::move(kept), size);
}

void RecordCache::Change(const RecordCacheOptions& options) {
  const std::lock_guard lock(changing_);
  RecordCacheOptions resized = options_;
  resized.size_bytes = options.size_bytes;
  if (resized != options) {
    cache_.BeginAnew({.policy = options.policy, .tuning = options.tuning, .life_ns = options.life_ns,
                      .compress_above_bytes = CompressedAbove(options)});
  }
  if (options.size_bytes != options_.size_bytes) Resize(options.size_bytes);
  options_ = options;
}

void RecordCache::Resize(std::size_t size_bytes) {
  size_bytes_.store(size_bytes, std::memory_order_relaxed);
  const std::size_t has = capacity_bytes();
  if (size_bytes > has) Claim(size_bytes - has);
  if (size_bytes < has) GiveWay(has - size_bytes);
}

// As others' caches do, it leaves half of what is free to what answers need in turn.
void RecordCache::Claim(std::size_t wanted) {
  const std::lock_guard lock(mutex_);
  wanted = std::min<std::size_t>(wanted, budget_.left_bytes() / 2);
  if (wanted == 0 || !hold_.TryGrowIdle(wanted)) return;
  cache_.SetBudget(hold_.bytes());
}

std::uint64_t RecordCache::GiveWay(std::uint64_t wanted) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t given = std::min(wanted, hold_.bytes());
  cache_.SetBudget(hold_.bytes() - given);
  hold_.Shrink(given);
  return given;
}

}  // namespace levee::memory
