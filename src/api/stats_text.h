// Statistics as the log has them.
#pragma once

#include "base/status.h"
#include "columnar/batch.h"

namespace levee::api {

// Adds the statistics' JSON to a batch with the columns of FilePlan::needs_stats, where output looks for it. kCancelled
// leaves the batch as it was.
Status AddStatsText(columnar::Batch& batch);

}  // namespace levee::api
