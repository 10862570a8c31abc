// What is kept of a remove action beside the entry it ends, and the remove action made of both again.
#pragma once

#include <string_view>
#include <vector>

#include "columnar/batch.h"

namespace levee::store {

// The kRemoveRoles of the given rows. `entry_paths` are the ended entries' paths as the log has them: where
// the remove action spells its path otherwise, kRemoveResidual says so.
columnar::Batch RemoveActionColumns(const columnar::Batch& removes, const std::vector<std::uint32_t>& rows,
                                    const std::vector<std::string_view>& entry_paths);

// Ended entries with their kRemoveRoles, as remove actions. Without extendedFileMetadata such an action has
// no size, tags, partition values or row ids.
void MakeRemoveActions(columnar::Batch& entries);

}  // namespace levee::store
