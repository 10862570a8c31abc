// Remove actions that met no entry, by the commits that had them: what a list of changes has beside entries.
#include <algorithm>
#include <deque>

#include "columnar/entry_order.h"
#include "store/sql/batch_list.h"
#include "store/sql/sql_store.h"
#include "store/sql/stored_entries.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnRole;

// The rows of commits in the window; a null version is at or below the range's first.
std::vector<std::uint32_t> RowsInWindow(const Batch& tombstones, const EntryFilter& window) {
  std::vector<std::uint32_t> rows;
  const columnar::ColumnVector* versions = tombstones.Find(ColumnRole::kRemovedVersion);
  for (std::uint32_t row = 0; versions != nullptr && row < tombstones.rows; ++row) {
    if (!versions->IsValid(row)) continue;
    if (versions->ints[row] > window.after_version && versions->ints[row] <= window.version) rows.push_back(row);
  }
  return rows;
}

Result<std::deque<Batch>> ReadWindow(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                     const ScanRequest& request) {
  std::deque<Batch> batches;
  for (const SegmentInfo& info : layout.tombstones) {
    if (info.min_removed > request.filter.version || info.max_removed <= request.filter.after_version) continue;
    LEVEE_ASSIGN(Batch tombstones, ReadSegment(reader, session, *layout.dictionary, info));
    const std::vector<std::uint32_t> rows = RowsInWindow(tombstones, request.filter);
    if (rows.empty()) continue;
    std::erase_if(tombstones.columns, [&](const columnar::BatchColumn& column) {
      return std::ranges::find(request.columns, column.key) == request.columns.end();
    });
    Batch chosen = columnar::GatherRows(tombstones, rows);
    chosen.rows = rows.size();
    batches.push_back(std::move(chosen));
  }
  return batches;
}

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> SqlStore::ReadLoneRemoves(const ScanRequest& request) {
  for (int restarts = 0;; ++restarts) {
    ReadSession session(*driver_, request.counters);
    LEVEE_ASSIGN(const auto layout, layouts_.GetForChanges(session, request.table_id, request.filter));
    auto removes = ReadWindow(reader_, session, *layout, request);
    if (removes) return std::make_unique<BatchList>(std::move(*removes));
    if (removes.error().code != ErrorCode::kNotFound || restarts == 5) {
      return std::unexpected(std::move(removes).error());
    }
    session.Release();
    layouts_.Drop(layout->head.range_id);
  }
}

}  // namespace levee::store
