// Brings the store's head up to the log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"
#include "catalog/context.h"
#include "store/store.h"

namespace levee::catalog {

struct CatchUpGoal {
  std::optional<std::int64_t> to_version;  // empty: the newest
  bool thorough = false;                   // list the log even when asking for single commits would do
};

struct CatchUpOutcome {
  store::Head head;                  // where the store stands now
  std::int64_t commits = 0;          // applied
  bool imported = false;             // started again from a checkpoint beyond a gap
  std::optional<Error> stopped_by;   // why commits after `head` were not applied, if so
};

// Applies commits head+1, head+2, ... in groups of bounded size, beside other processes that may do the
// same, and compacts when the tail has grown long. Errors: kDiverged, and whatever keeps the log or the
// store from being asked; a commit that cannot be read stops it with the ones before applied.
Result<CatchUpOutcome> CatchUp(Context& context, const store::TableRecord& record, const store::Head& head,
                               const CatchUpGoal& goal);

}  // namespace levee::catalog
