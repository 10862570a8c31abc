// Compact: plan, build outside of the write lock, publish by compare-and-set on the layout's generation.
#include "store/sql/compaction.h"

#include <algorithm>

#include "base/thread_rank.h"
#include "metrics/metrics.h"
#include "store/sql/compaction_publish.h"
#include "store/sql/garbage.h"
#include "store/sql/retention.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

// How often compaction starts again when another one was first.
constexpr int kPassesMax = 1000;

}  // namespace

// Judged by what this process knows already, so that a commit does not pay for the question. What others have
// added since, they have judged themselves.
bool SqlStore::CompactionMayPay(std::int64_t table_id) {
  const auto known = layouts_.KnownMain(table_id);
  return known == nullptr || !PlanCompaction(*known, false).empty() || retention_.Due(table_id, now_ms());
}

Result<bool> SqlStore::Compact(std::int64_t table_id, bool force) {
  if (!force && !CompactionMayPay(table_id)) return false;
  const BackgroundScope background;
  metrics::Timer timer(metrics::Metric::kCompactionSeconds);
  LEVEE_RETURN_IF_ERROR(AdvanceSums(table_id, force));
  LEVEE_ASSIGN(bool changed, ApplyRetention(*driver_, table_id, now_ms()));
  if (changed) LEVEE_RETURN_IF_ERROR(DeleteDeadImports(*driver_, table_id, now_ms()));
  std::int64_t rows_max = kCompactionRowsMax;
  for (int pass = 0; pass < kPassesMax; ++pass) {
    ReadSession session(*driver_);
    LEVEE_ASSIGN(const auto layout, layouts_.GetMain(session, table_id));
    const CompactionPlan plan = PlanCompaction(*layout, force, rows_max);
    if (plan.empty()) break;
    auto compacted = BuildCompaction(reader_, session, *layout, plan, segment_extras(true));
    session.Release();
    if (!compacted && compacted.error().code == ErrorCode::kNotFound) {
      layouts_.Drop(layout->head.range_id);
      continue;
    }
    if (!compacted && compacted.error().code == ErrorCode::kResourceExhausted && rows_max > kCompactionRowsLeast) {
      rows_max /= 2;
      continue;
    }
    if (!compacted) return std::unexpected(std::move(compacted).error());
    CompactionPublisher publisher(*driver_, *layout, *compacted, now_ms());
    LEVEE_RETURN_IF_ERROR(publisher.Stage());
    LEVEE_ASSIGN(const bool published, publisher.Publish(layout->last_segment_id));
    if (!published) continue;
    changed = true;
    LEVEE_RETURN_IF_ERROR(DropDeadCompactions(*driver_, layout->head.range_id, now_ms()));
    LEVEE_RETURN_IF_ERROR(DeleteDroppedSegments(*driver_, layout->head.range_id, now_ms() - options_.drop_lease_ms));
    if (plan.complete) break;
  }
  if (!changed) timer.Cancel();
  return changed;
}

}  // namespace levee::store
