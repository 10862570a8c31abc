#include "base/allocator.h"

#include <malloc.h>

#include <algorithm>

namespace levee {
namespace {

constexpr std::uint64_t kKeptBytes = 64 << 20, kKeptBytesMin = 1 << 20;
constexpr std::uint64_t kLimitParts = 16;
// Below this limit what arenas keep is a large part of it.
constexpr std::uint64_t kFewArenasBytes = std::uint64_t{1} << 30;
constexpr int kFewArenas = 2;

}  // namespace

void KeepFreedMemory(std::uint64_t limit_bytes) {
#ifdef __GLIBC__
  std::uint64_t kept = kKeptBytes;
  if (limit_bytes > 0) kept = std::clamp(limit_bytes / kLimitParts, kKeptBytesMin, kKeptBytes);
  mallopt(M_MMAP_THRESHOLD, static_cast<int>(kept));
  mallopt(M_TRIM_THRESHOLD, static_cast<int>(kept));
  if (limit_bytes > 0 && limit_bytes <= kFewArenasBytes) mallopt(M_ARENA_MAX, kFewArenas);
#endif
}

}  // namespace levee
