#include "store/sql/range_exchange.h"

#include <algorithm>
#include <set>
#include <utility>

#include "columnar/entry_order.h"
#include "store/sql/garbage.h"
#include "store/sql/layout_cache.h"
#include "store/sql/query.h"
#include "store/sql/segment_writer.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kHide[] = "UPDATE ranges SET is_main=0, published=0, owner='', touched_ms=0 WHERE range_id=?1";
constexpr char kKeep[] =
    "UPDATE ranges SET is_main=0, first_version=?2, last_version=?3, summary_version=NULL WHERE range_id=?1";
constexpr char kDeleteSums[] = "DELETE FROM partition_runs WHERE range_id=?1";
constexpr char kDrop[] = "UPDATE segments SET state=2, dropped_ms=?2 WHERE segment_id=?1";
constexpr char kRemovals[] = "SELECT segment_id, body FROM segments WHERE range_id=?1 AND state=1 AND kind=5";
constexpr char kPublished[] = "SELECT first_version, last_version FROM ranges WHERE range_id=?1 AND published=1";
constexpr char kDeleteCommits[] = "DELETE FROM commits WHERE table_id=?1 AND version>=?2 AND version<=?3";
constexpr char kHideAll[] = "UPDATE ranges SET is_main=0, published=0, owner='', touched_ms=0 WHERE table_id=?1";
constexpr char kDeleteDictionary[] = "DELETE FROM dictionary WHERE table_id=?1";
constexpr char kDeleteAllCommits[] = "DELETE FROM commits WHERE table_id=?1";
constexpr char kNeverImported[] =
    "UPDATE tables SET head_version=-1, floor_version=0, main_range=0, head_etag='', head_hash=0,"
    " layout_generation=layout_generation+1 WHERE table_id=?1";
constexpr char kBumpGeneration[] = "UPDATE tables SET layout_generation=layout_generation+1 WHERE table_id=?1";

// The removals of entries that stay, as one batch.
RemovalBatch WithoutSegments(const RemovalBatch& removals, const std::set<std::int64_t>& gone) {
  RemovalBatch left;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < removals.entries.size(); ++i) {
    if (gone.contains(removals.entries[i].segment_id)) continue;
    left.entries.push_back(removals.entries[i]);
    left.versions.push_back(removals.versions[i]);
    rows.push_back(i);
  }
  left.columns = columnar::GatherRows(removals.columns, rows);
  left.columns.rows = rows.size();
  return left;
}

// Removals that name a segment which is gone would make the whole range unreadable.
Status StripRemovals(Connection& connection, std::int64_t table_id, const RangeDamage& damage, std::int64_t now_ms) {
  const std::set<std::int64_t> gone(damage.data_segments.begin(), damage.data_segments.end());
  LEVEE_ASSIGN(const auto dictionary, LoadDictionary(connection, table_id, nullptr));
  std::vector<std::int64_t> replaced;
  RemovalBatch left;
  {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kRemovals, damage.range_id));
    while (true) {
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row) break;
      if (gone.contains(query.Int(0))) continue;
      LEVEE_ASSIGN(const RemovalBatch batch,
                   DecodeRemovals(query.Blob(1), *dictionary, "segment " + std::to_string(query.Int(0))));
      replaced.push_back(query.Int(0));
      left.Append(WithoutSegments(batch, gone));
    }
  }
  if (replaced.empty()) return {};
  for (const std::int64_t id : replaced) LEVEE_RETURN_IF_ERROR(Execute(connection, kDrop, id, now_ms));
  if (left.entries.empty()) return {};
  left.SortByPlace();
  LEVEE_ASSIGN(DictionaryWriter writer, DictionaryWriter::Load(connection, table_id, dictionary));
  LEVEE_RETURN_IF_ERROR(
      InsertSegment(connection, writer, damage.range_id, SegmentState::kPublished, PrepareRemovals(std::move(left))));
  return writer.Save(connection);
}

}  // namespace

Status RetireRange(Connection& connection, std::int64_t table_id, const RangeDamage& damage, VersionInterval kept,
                   std::int64_t now_ms) {
  if (kept.first > kept.second) return Execute(connection, kHide, damage.range_id);
  LEVEE_RETURN_IF_ERROR(Execute(connection, kKeep, damage.range_id, kept.first, kept.second));
  LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteSums, damage.range_id));
  if (damage.data_segments.empty()) return {};
  LEVEE_RETURN_IF_ERROR(StripRemovals(connection, table_id, damage, now_ms));
  for (const std::int64_t id : damage.data_segments) LEVEE_RETURN_IF_ERROR(Execute(connection, kDrop, id, now_ms));
  return {};
}

Result<bool> IsUnchanged(Connection& connection, std::int64_t table_id, const RangeDamage& damage) {
  LEVEE_ASSIGN(const RangeHead main, ReadMainHead(connection, table_id));
  if (damage.main) {
    return main.range_id == damage.range_id && main.first_version == damage.first_version &&
           main.last_version == damage.last_version;
  }
  LEVEE_ASSIGN(Query query, Query::Make(connection, kPublished, damage.range_id));
  LEVEE_ASSIGN(const bool there, query.Step());
  return there && query.Int(0) == damage.first_version && query.Int(1) == damage.last_version;
}

Status DeleteCommits(Connection& connection, std::int64_t table_id, VersionInterval versions) {
  return Execute(connection, kDeleteCommits, table_id, versions.first, versions.second);
}

Result<bool> SqlStore::CutRange(std::int64_t table_id, const RangeDamage& damage, VersionInterval kept) {
  {
    LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kDurable));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_ASSIGN(const bool unchanged, IsUnchanged(*writer, table_id, damage));
    if (!unchanged) return false;
    LEVEE_RETURN_IF_ERROR(RetireRange(*writer, table_id, damage, kept, now_ms()));
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kBumpGeneration, table_id));
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
  }
  LEVEE_RETURN_IF_ERROR(DeleteDeadImports(*driver_, table_id, now_ms()));
  return true;
}

Status SqlStore::EmptyTable(std::int64_t table_id) {
  {
    LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kDurable));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kNeverImported, table_id));
    if (writer->ChangedRows() == 0) {
      return Fail(ErrorCode::kNotFound, "table " + std::to_string(table_id), "it is not in the store");
    }
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kHideAll, table_id));
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteDictionary, table_id));
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteAllCommits, table_id));
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
  }
  return DeleteDeadImports(*driver_, table_id, now_ms());
}

}  // namespace levee::store
