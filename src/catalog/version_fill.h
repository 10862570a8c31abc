// Older versions that the store does not have yet, read from the log when it still can be.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "catalog/context.h"
#include "store/store.h"

namespace levee::catalog {

// Makes sure that the store has `version`, at or below the head. The whole missing span up to the next
// range is read with it when that is cheap. kOutOfRange gives the versions that are there when the log
// no longer has it; kDiverged when the log is another one.
Status EnsureVersion(Context& context, const store::TableRecord& record, const store::Head& head,
                     std::int64_t version);

struct VersionSpan {
  std::int64_t after = 0;
  std::int64_t last = 0;
};

// Makes sure that one range of the store, which has `span.after`, tells what the commits after it did, and
// returns how far it tells, at most to `span.last`. Both are at or below the head, after < last. Errors as above.
Result<std::int64_t> EnsureChanges(Context& context, const store::TableRecord& record, const store::Head& head,
                                   const VersionSpan& span);

// kOutOfRange for a version that cannot be had; `ranges` are those that can, ascending.
std::unexpected<Error> VersionOutOfRange(const store::TableRecord& record, std::int64_t version,
                                         const std::vector<std::pair<std::int64_t, std::int64_t>>& ranges);

}  // namespace levee::catalog
