// Whether the checkpoints that stand among new commits could be bases of an import.
#pragma once

#include <cstdint>
#include <optional>

#include "base/status.h"
#include "catalog/context.h"
#include "catalog/new_commits.h"

namespace levee::catalog {

// The log is refused from this version on.
struct BrokenBase {
  std::int64_t version = 0;
  Error why;
};

// Looks at the newest of the checkpoints that can be read: an import would start from it. One that is sound
// but lacks protocol or metaData makes an import fail, so a sync must not pass it by. Empty: none is so.
Result<std::optional<BrokenBase>> FindBrokenBase(Context& context, objectstore::ObjectStore& objects,
                                                 const NewCommits& found);

}  // namespace levee::catalog
