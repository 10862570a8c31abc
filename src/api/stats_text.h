// Statistics as the log has them.
#pragma once

#include "columnar/batch.h"

namespace levee::api {

// Adds the statistics' JSON to a batch with the columns of FilePlan::needs_stats, where output looks for it.
void AddStatsText(columnar::Batch& batch);

}  // namespace levee::api
