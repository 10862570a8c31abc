// Compact: plan, build outside of the write lock, publish by compare-and-set on the layout's generation.
#include "store/sql/compaction.h"

#include <algorithm>

#include "base/test_pause.h"
#include "base/thread_rank.h"
#include "metrics/metrics.h"
#include "store/sql/garbage.h"
#include "store/sql/query.h"
#include "store/sql/retention.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kMarkStaged[] = "UPDATE segments SET dropped_ms=?2 WHERE segment_id=?1";
constexpr char kShow[] = "UPDATE segments SET state=1, dropped_ms=0 WHERE segment_id=?1 AND state=0";
constexpr char kDrop[] = "UPDATE segments SET state=2, dropped_ms=?2 WHERE segment_id=?1";
constexpr char kBumpGeneration[] = "UPDATE tables SET layout_generation=layout_generation+1 WHERE table_id=?1";
constexpr char kLandedRemovals[] =
    "SELECT segment_id, body FROM segments WHERE range_id=?1 AND state=1 AND kind=5 AND segment_id>?2";

// How often compaction starts again when another one was first.
constexpr int kPassesMax = 1000;

class Publisher {
 public:
  Publisher(Driver& driver, const Layout& layout, CompactedSegments& compacted, std::int64_t now_ms)
      : driver_(driver), head_(layout.head), dictionary_(layout.dictionary), compacted_(compacted), now_ms_(now_ms) {}

  Status Stage() {
    for (const PreparedSegment& segment : compacted_.segments) {
      LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kStaging));
      LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
      LEVEE_ASSIGN(DictionaryWriter dictionary, DictionaryWriter::Load(*writer, head_.table_id, dictionary_));
      LEVEE_ASSIGN(const SegmentInfo staged,
                   InsertSegment(*writer, dictionary, head_.range_id, SegmentState::kStaged, segment));
      LEVEE_RETURN_IF_ERROR(Execute(*writer, kMarkStaged, staged.id, now_ms_));
      LEVEE_RETURN_IF_ERROR(dictionary.Save(*writer));
      LEVEE_RETURN_IF_ERROR(transaction.Commit());
      ids_.push_back(staged.id);
      PauseForTest("compaction");
    }
    return {};
  }

  // False: the layout changed since it was read; what was staged is dropped.
  Result<bool> Publish(std::int64_t last_segment_id) {
    LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kDurable));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    const auto now = ReadMainHead(*writer, head_.table_id);
    if (!now && now.error().code != ErrorCode::kNotFound) return std::unexpected(now.error());
    if (!now || now->range_id != head_.range_id || now->layout_generation != head_.layout_generation) {
      for (const std::int64_t id : ids_) LEVEE_RETURN_IF_ERROR(Execute(*writer, kDrop, id, std::int64_t{0}));
      LEVEE_RETURN_IF_ERROR(transaction.Commit());
      return false;
    }
    for (const std::int64_t id : ids_) {
      LEVEE_RETURN_IF_ERROR(Execute(*writer, kShow, id));
      if (writer->ChangedRows() != 1) return false;  // taken for those of a dead compaction
    }
    LEVEE_RETURN_IF_ERROR(CarryRemovals(*writer, last_segment_id));
    for (const std::int64_t id : compacted_.replaced) LEVEE_RETURN_IF_ERROR(Execute(*writer, kDrop, id, now_ms_));
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kBumpGeneration, head_.table_id));
    PauseForTest("compaction");
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
    PauseForTest("compaction");
    return true;
  }

 private:
  // Removals that landed since the layout was read may end entries that have moved.
  Status CarryRemovals(Connection& connection, std::int64_t last_segment_id) {
    LEVEE_ASSIGN(const auto dictionary, LoadDictionary(connection, head_.table_id, dictionary_));
    RemovalBatch removals = std::move(compacted_.removals);
    std::vector<std::int64_t> landed;
    {
      LEVEE_ASSIGN(Query query, Query::Make(connection, kLandedRemovals, head_.range_id, last_segment_id));
      while (true) {
        LEVEE_ASSIGN(const bool row, query.Step());
        if (!row) break;
        landed.push_back(query.Int(0));
        LEVEE_ASSIGN(const RemovalBatch batch,
                     DecodeRemovals(query.Blob(1), *dictionary, "segment " + std::to_string(landed.back())));
        removals.Append(batch);
      }
    }
    for (EntryPlace& place : removals.entries) {
      const auto moved = std::lower_bound(compacted_.moved.begin(), compacted_.moved.end(), place,
                                          [](const auto& a, const EntryPlace& b) { return a.first < b; });
      if (moved == compacted_.moved.end() || moved->first != place) continue;
      place = {ids_[static_cast<std::size_t>(moved->second.segment_id)], moved->second.row};
    }
    for (const std::int64_t id : landed) LEVEE_RETURN_IF_ERROR(Execute(connection, kDrop, id, now_ms_));
    if (removals.entries.empty()) return {};
    removals.SortByPlace();
    LEVEE_ASSIGN(DictionaryWriter writer, DictionaryWriter::Load(connection, head_.table_id, dictionary));
    LEVEE_RETURN_IF_ERROR(InsertSegment(connection, writer, head_.range_id, SegmentState::kPublished,
                                        PrepareRemovals(std::move(removals))));
    return writer.Save(connection);
  }

  Driver& driver_;
  const RangeHead head_;
  const std::shared_ptr<const Dictionary> dictionary_;  // when the layout was read
  CompactedSegments& compacted_;
  const std::int64_t now_ms_;
  std::vector<std::int64_t> ids_;  // of the staged segments
};

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
    Publisher publisher(*driver_, *layout, *compacted, now_ms());
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
