// Taking ranges away, whole or in part, within a write transaction: what repair leaves of damaged ones.
#pragma once

#include <cstdint>
#include <vector>

#include "store/repair.h"
#include "store/sql/driver.h"

namespace levee::store {

// Leaves of a range its versions `kept` (none: first above second) as an older range, without its damaged segments and what
// removals say of them. A range that is no more goes with the next clean-up.
Status RetireRange(Connection& connection, std::int64_t table_id, const RangeDamage& damage, VersionInterval kept,
                   std::int64_t now_ms);

// Whether the range is still what was examined.
Result<bool> IsUnchanged(Connection& connection, std::int64_t table_id, const RangeDamage& damage);

// Deletes the records of commits, for others to be written in their place.
Status DeleteCommits(Connection& connection, std::int64_t table_id, VersionInterval versions);

}  // namespace levee::store
