// What a shard keeps of a value.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "cache/cache_key.h"
#include "cache/slot_array.h"

namespace levee::cache {

struct Entry {
  CacheKey key;
  std::shared_ptr<const void> value;  // null in a negative entry
  std::uint32_t charge = 0;           // bytes, or 1 when entries are counted
  bool expires : 1 = false;           // it has a deadline
  bool negative : 1 = false;          // known to be absent
  bool packed : 1 = false;            // the value is what the codec made of it
  bool marked : 1 = false;            // its version, tags or dependencies stand in the shard's marks
};

inline constexpr std::int64_t kNoDeadline = std::numeric_limits<std::int64_t>::max();

// The entries of a shard by slot; the shard's lock guards them. Deadlines stand apart, as most caches have
// none.
struct EntryColumns {
  SlotArray<Entry> entries;
  SlotArray<std::int64_t> deadlines_ns;  // of the entries that expire; grown when the first one does

  std::int64_t DeadlineOf(Slot slot) const {
    return entries[slot].expires ? deadlines_ns[slot] : kNoDeadline;
  }
};

}  // namespace levee::cache
