// The steps that `add` and `sync` share, with their report.
#pragma once

#include <cstdint>
#include <optional>

#include "base/status.h"
#include "catalog/first_import.h"
#include "catalog/table_names.h"

namespace levee::catalog {

Result<SyncReport> ImportAndReport(Context& context, const NewTable& table);

// `located` has a head. Commits that cannot be read are an error, after those before them are applied.
Result<SyncReport> CatchUpAndReport(Context& context, const LocatedTable& located,
                                    std::optional<std::int64_t> to_version);

// The number of active files at a version that the store has; -1 when it has no such commit.
Result<std::int64_t> FilesAt(Context& context, std::int64_t table_id, std::int64_t version);

}  // namespace levee::catalog
