#include "store/sql/compaction_publish.h"

#include <algorithm>

#include "base/test_pause.h"
#include "store/sql/layout_cache.h"
#include "store/sql/query.h"

namespace levee::store {
namespace {

constexpr char kMarkStaged[] = "UPDATE segments SET dropped_ms=?2 WHERE segment_id=?1";
constexpr char kShow[] = "UPDATE segments SET state=1, dropped_ms=0 WHERE segment_id=?1 AND state=0";
constexpr char kDrop[] = "UPDATE segments SET state=2, dropped_ms=?2 WHERE segment_id=?1";
constexpr char kBumpGeneration[] = "UPDATE tables SET layout_generation=layout_generation+1 WHERE table_id=?1";
constexpr char kLandedRemovals[] =
    "SELECT segment_id, body FROM segments WHERE range_id=?1 AND state=1 AND kind=5 AND segment_id>?2";

}  // namespace

Status CompactionPublisher::Stage() {
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

// The generation is the table's: older ranges change with it too.
Result<bool> CompactionPublisher::IsUnchanged(Connection& connection) const {
  const auto now = ReadMainHead(connection, head_.table_id);
  if (!now && now.error().code == ErrorCode::kNotFound) return false;
  if (!now) return std::unexpected(now.error());
  return (!head_.main || now->range_id == head_.range_id) && now->layout_generation == head_.layout_generation;
}

Result<bool> CompactionPublisher::Publish(std::int64_t last_segment_id) {
  LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(const bool unchanged, IsUnchanged(*writer));
  if (!unchanged) {
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

Status CompactionPublisher::CarryRemovals(Connection& connection, std::int64_t last_segment_id) {
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

}  // namespace levee::store
