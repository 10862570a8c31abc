#include "store/sql/retention.h"

#include "store/sql/query.h"

namespace levee::store {
namespace {

constexpr char kReadKeep[] =
    "SELECT keep_ms, floor_version, head_version, main_range FROM tables WHERE table_id=?1 AND keep_ms IS NOT NULL";
constexpr char kNewestOld[] =
    "SELECT max(version) FROM commits WHERE table_id=?1 AND version<=?2 AND timestamp_ms<=?3";
constexpr char kRaiseFloor[] =
    "UPDATE tables SET floor_version=?2, layout_generation=layout_generation+1 WHERE table_id=?1";
constexpr char kDropHistory[] =
    "UPDATE segments SET state=2, dropped_ms=?3 WHERE range_id=?1 AND state=1 AND kind=2 AND max_removed<?2";
// An unpublished range that nobody has touched for long is deleted with the next import or compaction.
constexpr char kHideRanges[] =
    "UPDATE ranges SET published=0, touched_ms=?2 WHERE table_id=?1 AND is_main=0 AND published=1";

struct Cut {
  std::int64_t range_id = 0;
  std::int64_t version = -1;  // the new floor; -1: nothing to do
};

Result<Cut> FindCut(Connection& connection, std::int64_t table_id, std::int64_t now_ms) {
  Cut cut;
  std::int64_t floor = 0, head = 0, keep = 0;
  {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kReadKeep, table_id));
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return cut;
    keep = query.Int(0);
    floor = query.Int(1);
    head = query.Int(2);
    cut.range_id = query.Int(3);
  }
  LEVEE_ASSIGN(Query query, Query::Make(connection, kNewestOld, table_id, head, now_ms - keep));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (row && !query.IsNull(0) && query.Int(0) > floor) cut.version = query.Int(0);
  return cut;
}

}  // namespace

Result<std::int64_t> NextFloor(Driver& driver, std::int64_t table_id, std::int64_t now_ms) {
  LEVEE_ASSIGN(const Lease reader, driver.Reader());
  LEVEE_ASSIGN(const Cut cut, FindCut(*reader, table_id, now_ms));
  return cut.version;
}

Result<bool> ApplyRetention(Driver& driver, std::int64_t table_id, std::int64_t now_ms) {
  LEVEE_ASSIGN(const std::int64_t floor, NextFloor(driver, table_id, now_ms));
  if (floor < 0) return false;
  LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(const Cut cut, FindCut(*writer, table_id, now_ms));
  if (cut.version < 0) return false;
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kRaiseFloor, table_id, cut.version));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kDropHistory, cut.range_id, cut.version, now_ms));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kHideRanges, table_id, std::int64_t{0}));
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

bool RetentionTimer::Due(std::int64_t table_id, std::int64_t now_ms) {
  constexpr std::int64_t kPauseMs = 60'000;
  const std::lock_guard lock(mutex_);
  const auto [looked, first] = looked_ms_.try_emplace(table_id, now_ms);
  if (first) return true;
  const std::int64_t passed_ms = now_ms - looked->second;
  if (passed_ms >= 0 && passed_ms < kPauseMs) return false;
  looked->second = now_ms;
  return true;
}

}  // namespace levee::store
