// What every scan begins with.
#pragma once

#include <cstdint>
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

// The layout that a request asks of. kOutOfRange for changes from before what the store knows.
Result<std::shared_ptr<const Layout>> LayoutFor(const ScanContext& context, ReadSession& session,
                                                const ScanRequest& request);

// How the request's predicate may find entries.
Access AccessFor(const ScanContext& context, const ScanRequest& request);

// Adds what a scan did to the process's metrics.
void CountWork(const ScanCounters& work);

}  // namespace levee::store
