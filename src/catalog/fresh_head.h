// The head that an answer may be taken from, as fresh as the options demand.
#pragma once

#include <optional>
#include <string_view>

#include "base/status.h"
#include "catalog/context.h"
#include "catalog/table_names.h"

namespace levee::catalog {

struct FreshHead {
  store::TableRecord record;
  store::Head head;
  std::optional<Error> stopped_by;  // newer commits are there but cannot be read
};

// Imports a table that is not known, asks the log of one that is, and syncs. `choice` spares what it
// does not need: a version that the store has is not synced for, and one that can be read is imported
// although a newer one cannot.
Result<FreshHead> ReachFreshHead(Context& context, std::string_view table, const VersionChoice& choice);

}  // namespace levee::catalog
