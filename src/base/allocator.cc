#include "base/allocator.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>

namespace levee {
namespace {

constexpr std::uint64_t kKeptBytes = 64 << 20;
constexpr std::uint64_t kSmallLimitBytes = std::uint64_t{1} << 30;
// Of a small limit. A buffer above the first is mapped by itself; the blocks of caches are far below.
constexpr std::uint64_t kMappedParts = 256, kMappedBytesMin = 128 << 10;
constexpr std::uint64_t kTrimParts = 8;
constexpr int kFewArenas = 2;

// 0: nothing is given back by hand.
constinit std::atomic<std::uint64_t> trim_every{0};
constinit std::atomic<std::uint64_t> freed{0};

}  // namespace

void KeepFreedMemory(std::uint64_t limit_bytes) {
#ifdef __GLIBC__
  const bool small = limit_bytes > 0 && limit_bytes <= kSmallLimitBytes;
  const std::uint64_t mapped = small ? std::max(limit_bytes / kMappedParts, kMappedBytesMin) : kKeptBytes;
  mallopt(M_MMAP_THRESHOLD, static_cast<int>(mapped));
  mallopt(M_TRIM_THRESHOLD, static_cast<int>(small ? 4 * mapped : kKeptBytes));
  if (small) mallopt(M_ARENA_MAX, kFewArenas);
  trim_every = small ? limit_bytes / kTrimParts : 0;
#endif
}

void NoteFreed(std::uint64_t bytes) {
  const std::uint64_t every = trim_every.load(std::memory_order_relaxed);
  if (every == 0 || freed.fetch_add(bytes, std::memory_order_relaxed) + bytes < every) return;
  freed.store(0, std::memory_order_relaxed);
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace levee
