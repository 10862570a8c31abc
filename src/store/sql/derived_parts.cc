// Making what follows from entries anew: a compaction of the segments concerned, which keeps every version.
#include <algorithm>
#include <set>

#include "store/sql/compaction_publish.h"
#include "store/sql/garbage.h"
#include "store/sql/partition_runs.h"
#include "store/sql/query.h"
#include "store/sql/range_exchange.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kForgetSums[] = "UPDATE ranges SET summary_version=NULL WHERE range_id=?1";
constexpr char kBumpGeneration[] = "UPDATE tables SET layout_generation=layout_generation+1 WHERE table_id=?1";

// The sums are counted anew by who asks for them next.
Result<bool> ForgetSums(Driver& driver, std::int64_t table_id, const RangeDamage& damage) {
  LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(const bool unchanged, IsUnchanged(*writer, table_id, damage));
  if (!unchanged) return false;
  LEVEE_RETURN_IF_ERROR(DeleteRuns(*writer, damage.range_id));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kForgetSums, damage.range_id));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kBumpGeneration, table_id));
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

}  // namespace

Result<bool> SqlStore::RebuildDerived(std::int64_t table_id, const RangeDamage& damage) {
  if (damage.sums) {
    LEVEE_ASSIGN(const bool forgotten, ForgetSums(*driver_, table_id, damage));
    if (!forgotten) return false;
  }
  const std::set<std::int64_t> wanted(damage.derived_segments.begin(), damage.derived_segments.end());
  // One at a time, so that memory holds one.
  for (const std::int64_t id : wanted) {
    ReadSession session(*driver_);
    LEVEE_ASSIGN(const auto layout, layouts_.Get(session, table_id, damage.last_version));
    if (layout->head.range_id != damage.range_id) return false;
    const auto& items = layout->segments->items;
    const auto item = std::ranges::find(items, id, [](const SegmentSet::Item& i) { return i.info.id; });
    if (item == items.end()) return false;
    CompactionPlan plan;
    plan.segments = {static_cast<std::size_t>(item - items.begin())};
    LEVEE_ASSIGN(CompactedSegments compacted,
                 BuildCompaction(reader_, session, *layout, plan, segment_extras(layout->head.main)));
    session.Release();
    CompactionPublisher publisher(*driver_, *layout, compacted, now_ms());
    LEVEE_RETURN_IF_ERROR(publisher.Stage());
    LEVEE_ASSIGN(const bool published, publisher.Publish(layout->last_segment_id));
    if (!published) return false;
  }
  return true;
}

}  // namespace levee::store
