// The answer to a scan, batch by batch.
#pragma once

#include <memory>

#include "store/sql/scan_context.h"

namespace levee::store {

// Checks the request and finds its layout; the entries are chosen as the stream is read. Copies what it
// needs of the request, but for the counters.
Result<std::unique_ptr<columnar::BatchStream>> OpenEntryStream(const ScanContext& context, const ScanRequest& request);

}  // namespace levee::store
