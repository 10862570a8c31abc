#include "store/sql/scan_context.h"

#include <string>

#include "metrics/metrics.h"

namespace levee::store {

Result<std::shared_ptr<const Layout>> LayoutFor(const ScanContext& context, ReadSession& session,
                                                const ScanRequest& request) {
  if (request.filter.kind != EntryFilter::Kind::kChangedIn) {
    return context.layouts.Get(session, request.table_id, request.filter.version);
  }
  LEVEE_ASSIGN(auto layout, context.layouts.GetForChanges(session, request.table_id, request.filter));
  // A log that starts at version 0 tells that commit too; of other bases it is unknown when entries began.
  const std::int64_t first = layout->head.first_version;
  if (request.filter.after_version < (first == 0 ? -1 : first)) {
    return Fail(ErrorCode::kOutOfRange, "changes after version " + std::to_string(request.filter.after_version),
                "the store knows each change only after version " + std::to_string(layout->head.first_version));
  }
  return layout;
}

Access AccessFor(const ScanContext& context, const ScanRequest& request) {
  return context.key_indexes ? request.access : Access::kZones;
}

void CountWork(const ScanCounters& work) {
  using metrics::Metric;
  metrics::Count(Metric::kScanSegments, work.segments - work.segments_skipped);
  metrics::Count(Metric::kScanSegmentsSkipped, work.segments_skipped);
  metrics::Count(Metric::kScanBlocks, work.blocks - work.blocks_skipped);
  metrics::Count(Metric::kScanBlocksSkipped, work.blocks_skipped);
  metrics::Count(Metric::kScanReadBytes, work.bytes_read);
  metrics::Count(Metric::kScanBlocksDecoded, work.column_blocks_decoded);
}

}  // namespace levee::store
