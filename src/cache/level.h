// One of the caches that share a budget.
#pragma once

#include <cstdint>

#include "cache/cache_counters.h"

namespace levee::cache {

// Thread-safe.
class Level {
 public:
  virtual ~Level() = default;
  // Bytes held at most; takes effect before it returns, also where something must go.
  virtual void SetBudget(std::uint64_t bytes) = 0;
  // Its counters are to tell `shadow_hits` for what left less than so many bytes ago.
  virtual void WatchEvicted(std::uint64_t window_bytes) = 0;
  virtual CacheCounters counters() const = 0;
};

}  // namespace levee::cache
