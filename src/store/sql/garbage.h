// Deleting what nobody reads any more, in transactions short enough for other writers.
#pragma once

#include <string>

#include "store/sql/driver.h"

namespace levee::store {

// Removes the table at once for readers, then its data bit by bit, and that of tables whose removal was killed.
Status ForgetTableData(Driver& driver, std::int64_t table_id);

// Deletes ranges of the table whose import is dead: unpublished, and their process gone or silent for long.
// Also goes on where a removal of any table was killed.
Status DeleteDeadImports(Driver& driver, std::int64_t table_id, std::int64_t now_ms);

// Deletes an unpublished range and its segments.
Status DeleteRange(Driver& driver, std::int64_t range_id);

// Drops what compactions of a published range staged long ago and never published.
Status DropDeadCompactions(Driver& driver, std::int64_t range_id, std::int64_t now_ms);

// Deletes segments of the range that were dropped before `dropped_before_ms`.
Status DeleteDroppedSegments(Driver& driver, std::int64_t range_id, std::int64_t dropped_before_ms);

// Names this process, as ranges.owner does.
std::string ProcessName();

}  // namespace levee::store
