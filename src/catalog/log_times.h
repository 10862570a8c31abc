// The times that time travel goes by.
//
// In-commit timestamps hold from their enablement version on; before it file times do, each made at
// least 1 ms later than the one before it, because copies and clocks disorder them. Source: Delta
// protocol, "In-Commit Timestamps".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/status.h"
#include "catalog/context.h"
#include "store/store.h"

namespace levee::catalog {

struct CommitTime {
  std::int64_t version = 0;
  std::int64_t timestamp_ms = 0;
};

// Makes times before `in_commit_from` (none: all) monotonic. `times` is ascending by version.
void MakeMonotonic(std::vector<CommitTime>& times, std::optional<std::int64_t> in_commit_from);

// The newest commit at or before `timestamp_ms`; empty when every one is later. `times` as MakeMonotonic
// leaves them.
std::optional<std::int64_t> NewestAtOrBefore(const std::vector<CommitTime>& times, std::int64_t timestamp_ms);

// The version that a table had at a time. Commits that only the log still has count too. kOutOfRange
// before the first and after the last commit, with the range of times.
Result<std::int64_t> VersionAtTime(Context& context, const store::TableRecord& record, const store::Head& head,
                                   std::int64_t timestamp_ms);

}  // namespace levee::catalog
