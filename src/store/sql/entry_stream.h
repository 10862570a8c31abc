// The answer to a scan, batch by batch.
#pragma once

#include <memory>

#include "store/sql/driver.h"
#include "store/sql/layout_cache.h"
#include "store/sql/segment_reader.h"
#include "store/store.h"

namespace levee::store {

// What a scan reads with; outlives the streams.
struct ScanContext {
  Driver& driver;
  SegmentReader& reader;
  LayoutCache& layouts;
  std::int64_t safe_ns = 0;  // so long after its start no segment of a layout can be deleted
  bool key_indexes = true;   // false: Access is kZones
};

// Checks the request and finds its layout; the entries are chosen as the stream is read. Copies what it
// needs of the request, but for the counters.
Result<std::unique_ptr<columnar::BatchStream>> OpenEntryStream(const ScanContext& context, const ScanRequest& request);

Result<std::int64_t> CountEntries(const ScanContext& context, const ScanRequest& request);

}  // namespace levee::store
