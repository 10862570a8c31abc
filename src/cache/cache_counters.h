// What a cache counts.
#pragma once

#include <cstdint>
#include <string_view>

namespace levee::cache {

struct CacheCounters {
  std::uint64_t hits = 0;           // negative ones included
  std::uint64_t misses = 0;         // expired entries included
  std::uint64_t inserts = 0;
  std::uint64_t evictions = 0;      // for want of room
  std::uint64_t entries = 0, bytes = 0;  // held; `bytes` is the sum of the charges
  std::uint64_t negative_hits = 0;  // known to be absent
  std::uint64_t refused = 0;        // inserts not kept: too large, out of date, invalidated while loading
  std::uint64_t expirations = 0;    // dropped past their deadline
  std::uint64_t invalidations = 0;  // dropped by key, tag, dependency, version or Clear
  std::uint64_t packed = 0;         // inserts kept compressed
  std::uint64_t loads = 0, load_errors = 0, load_ns = 0;
  std::uint64_t shared_loads = 0;   // waited for somebody else's load
  std::uint64_t shadow_hits = 0;    // misses of what was evicted just before: slightly more room would have hit
};

// A cache by its name, for those who look at the process from outside.
struct CacheUse {
  std::string_view name;  // of a cache that lives as long as the process: a literal
  std::uint64_t capacity_bytes = 0;
  CacheCounters counters;
};

}  // namespace levee::cache
