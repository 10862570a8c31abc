// The times of commits: kept monotone as commits come, and searched.
#include <algorithm>

#include "store/sql/commit_rows.h"
#include "store/sql/query.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kAtOrBefore[] =
    "SELECT version, timestamp_ms, adjusted_ms FROM commits WHERE table_id=?1 AND version<=?2"
    " ORDER BY version DESC LIMIT 1";
constexpr char kAfter[] =
    "SELECT version, timestamp_ms, adjusted_ms FROM commits WHERE table_id=?1 AND version>?2 ORDER BY version LIMIT 1";
constexpr char kSetAdjusted[] = "UPDATE commits SET adjusted_ms=?3 WHERE table_id=?1 AND version=?2";

struct Times {
  std::int64_t version = 0, timestamp_ms = 0, adjusted_ms = 0;
};

Result<std::optional<Times>> ReadTimes(Connection& connection, const char* sql, std::int64_t table_id,
                                       std::int64_t version) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, sql, table_id, version));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return std::nullopt;
  return Times{query.Int(0), query.Int(1), query.Int(2)};
}

}  // namespace

const char* CommitAtOrBefore() { return kAtOrBefore; }

Status AdjustTimesAfter(Connection& connection, std::int64_t table_id, std::int64_t version) {
  LEVEE_ASSIGN(auto before, ReadTimes(connection, kAtOrBefore, table_id, version));
  while (before) {
    LEVEE_ASSIGN(auto next, ReadTimes(connection, kAfter, table_id, before->version));
    if (!next) return {};
    const std::int64_t adjusted = std::max(next->timestamp_ms, before->adjusted_ms + 1);
    if (adjusted == next->adjusted_ms) return {};  // so are all after it
    LEVEE_RETURN_IF_ERROR(Execute(connection, kSetAdjusted, table_id, next->version, adjusted));
    next->adjusted_ms = adjusted;
    before = next;
  }
  return {};
}

Result<std::optional<std::int64_t>> SqlStore::FindCommitByTime(const TimeRequest& request) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  std::optional<std::int64_t> found;
  std::int64_t low = request.first_version, high = request.last_version;
  while (low <= high) {
    const std::int64_t middle = low + (high - low) / 2;
    LEVEE_ASSIGN(const auto times, ReadTimes(*reader, kAtOrBefore, request.table_id, middle));
    if (!times || times->version < low) {  // no commit in [low, middle]
      low = middle + 1;
      continue;
    }
    if ((request.adjusted ? times->adjusted_ms : times->timestamp_ms) <= request.time_ms) {
      found = times->version;
      low = middle + 1;
    } else {
      high = times->version - 1;
    }
  }
  return found;
}

}  // namespace levee::store
