// What --keep says: how far back a table's versions can be read.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "store/sql/driver.h"

namespace levee::store {

// Raises the floor of a table that keeps no more than a duration to the newest version older than that, and
// drops history and older ranges that no version from there on needs. Returns whether anything changed.
// Ended entries in segments that others need go when compaction rewrites those.
Result<bool> ApplyRetention(Driver& driver, std::int64_t table_id, std::int64_t now_ms);

// The floor that ApplyRetention would set; -1: it would do nothing.
Result<std::int64_t> NextFloor(Driver& driver, std::int64_t table_id, std::int64_t now_ms);

// Says at most once a minute for each table that its retention is to be looked at. Thread-safe.
class RetentionTimer {
 public:
  bool Due(std::int64_t table_id, std::int64_t now_ms);

 private:
  std::mutex mutex_;
  std::unordered_map<std::int64_t, std::int64_t> looked_ms_;  // by table; guarded by mutex_
};

}  // namespace levee::store
