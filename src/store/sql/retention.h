// What --keep says: how far back a table's versions can be read.
#pragma once

#include "store/sql/driver.h"

namespace levee::store {

// Raises the floor of a table that keeps no more than a duration to the newest version older than that, and
// drops history and older ranges that no version from there on needs. Returns whether anything changed.
// Ended entries in segments that others need go when compaction rewrites those.
Result<bool> ApplyRetention(Driver& driver, std::int64_t table_id, std::int64_t now_ms);

}  // namespace levee::store
