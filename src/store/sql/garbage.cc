#include "store/sql/garbage.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "base/test_pause.h"
#include "store/sql/partition_runs.h"
#include "store/sql/query.h"
#include "store/sql/segment_model.h"

namespace levee::store {
namespace {

constexpr std::int64_t kBytesPerTransaction = 16 << 20;
constexpr std::int64_t kSilentImportMs = 600'000;

constexpr char kSegmentsOfRange[] = "SELECT segment_id, size_bytes FROM segments WHERE range_id=?1 LIMIT 256";
constexpr char kDroppedSegments[] =
    "SELECT segment_id, size_bytes FROM segments WHERE range_id=?1 AND state=2 AND dropped_ms<?2 LIMIT 256";
// Staged by a compaction that never came to its end; dropped_ms is when it was staged.
constexpr char kDeadCompaction[] =
    "UPDATE segments SET state=2, dropped_ms=0 WHERE range_id=?1 AND state=0 AND dropped_ms<?2";
constexpr char kDeleteChunks[] = "DELETE FROM chunks WHERE chunk_id>=?1 AND chunk_id<?2";
constexpr char kDeleteSegment[] = "DELETE FROM segments WHERE segment_id=?1";
constexpr char kDeleteRange[] = "DELETE FROM ranges WHERE range_id=?1";
constexpr char kDeleteState[] = "DELETE FROM state_actions WHERE range_id=?1";
constexpr char kRangesOfTable[] = "SELECT range_id FROM ranges WHERE table_id=?1";
constexpr char kStagedRanges[] = "SELECT range_id, owner, touched_ms FROM ranges WHERE table_id=?1 AND published=0";
constexpr char kForgottenTables[] =
    "SELECT DISTINCT table_id FROM ranges WHERE table_id NOT IN (SELECT table_id FROM tables)";
constexpr char kDeleteTable[] = "DELETE FROM tables WHERE table_id=?1";
constexpr char kDeleteCommits[] = "DELETE FROM commits WHERE table_id=?1";
constexpr char kDeleteDictionary[] = "DELETE FROM dictionary WHERE table_id=?1";

struct Doomed {
  std::int64_t segment_id, size_bytes;
};

Result<std::vector<Doomed>> FindDoomed(Query query) {
  std::vector<Doomed> doomed;
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return doomed;
    doomed.push_back({query.Int(0), query.Int(1)});
  }
}

// Deletes what `find` names until it names nothing, some megabytes at a time.
template <typename Find>
Status DeleteSegments(Driver& driver, const Find& find) {
  while (true) {
    LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kStaging));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_ASSIGN(const std::vector<Doomed> doomed, find(*writer));
    if (doomed.empty()) return {};
    std::int64_t bytes = 0;
    for (const Doomed& segment : doomed) {
      if (bytes > kBytesPerTransaction) break;
      bytes += segment.size_bytes;
      LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteChunks, ChunkId(segment.segment_id, 0),
                                    ChunkId(segment.segment_id + 1, 0)));
      LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteSegment, segment.segment_id));
    }
    PauseForTest("clean-up");
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
  }
}

Result<std::vector<std::int64_t>> ReadIds(Query query) {
  std::vector<std::int64_t> ids;
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return ids;
    ids.push_back(query.Int(0));
  }
}

std::string HostName() {
  char name[256] = {};
  ::gethostname(name, sizeof(name) - 1);
  return name;
}

// True when the owner was a process of this machine that no longer runs.
bool IsDead(const std::string& owner) {
  const std::size_t colon = owner.rfind(':');
  if (colon == std::string::npos || owner.substr(0, colon) != HostName()) return false;
  const auto process = static_cast<pid_t>(std::atol(owner.c_str() + colon + 1));
  return ::kill(process, 0) != 0 && errno == ESRCH;
}

// Deletes what a table leaves behind once its own row is gone. Its ranges go last: they are what a killed
// process is found out by.
Status DeleteRemains(Driver& driver, std::int64_t table_id) {
  std::vector<std::int64_t> ranges;
  {
    LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kStaging));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteCommits, table_id));
    LEVEE_ASSIGN(Query query, Query::Make(*writer, kRangesOfTable, table_id));
    LEVEE_ASSIGN(ranges, ReadIds(std::move(query)));
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
  }
  PauseForTest("forget");
  for (const std::int64_t range_id : ranges) LEVEE_RETURN_IF_ERROR(DeleteRange(driver, range_id));
  return {};
}

// Goes on where a forget was killed.
Status DeleteForgottenTables(Driver& driver) {
  std::vector<std::int64_t> forgotten;
  {
    LEVEE_ASSIGN(const Lease reader, driver.Reader());
    LEVEE_ASSIGN(Query query, Query::Make(*reader, kForgottenTables));
    LEVEE_ASSIGN(forgotten, ReadIds(std::move(query)));
  }
  for (const std::int64_t table_id : forgotten) LEVEE_RETURN_IF_ERROR(DeleteRemains(driver, table_id));
  return {};
}

}  // namespace

std::string ProcessName() { return HostName() + ":" + std::to_string(::getpid()); }

Status DeleteRange(Driver& driver, std::int64_t range_id) {
  LEVEE_RETURN_IF_ERROR(DeleteSegments(driver, [&](Connection& connection) -> Result<std::vector<Doomed>> {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kSegmentsOfRange, range_id));
    return FindDoomed(std::move(query));
  }));
  LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kStaging));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteState, range_id));
  LEVEE_RETURN_IF_ERROR(DeleteRuns(*writer, range_id));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteRange, range_id));
  return transaction.Commit();
}

Status DropDeadCompactions(Driver& driver, std::int64_t range_id, std::int64_t now_ms) {
  LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kStaging));
  return Execute(*writer, kDeadCompaction, range_id, now_ms - kSilentImportMs);
}

Status DeleteDroppedSegments(Driver& driver, std::int64_t range_id, std::int64_t dropped_before_ms) {
  return DeleteSegments(driver, [&](Connection& connection) -> Result<std::vector<Doomed>> {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kDroppedSegments, range_id, dropped_before_ms));
    return FindDoomed(std::move(query));
  });
}

Status DeleteDeadImports(Driver& driver, std::int64_t table_id, std::int64_t now_ms) {
  LEVEE_RETURN_IF_ERROR(DeleteForgottenTables(driver));
  std::vector<std::int64_t> dead;
  {
    LEVEE_ASSIGN(const Lease reader, driver.Reader());
    LEVEE_ASSIGN(Query query, Query::Make(*reader, kStagedRanges, table_id));
    while (true) {
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row) break;
      if (IsDead(query.Text(1)) || query.Int(2) < now_ms - kSilentImportMs) dead.push_back(query.Int(0));
    }
  }
  for (const std::int64_t range_id : dead) LEVEE_RETURN_IF_ERROR(DeleteRange(driver, range_id));
  return {};
}

Status ForgetTableData(Driver& driver, std::int64_t table_id) {
  {
    LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kDurable));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteTable, table_id));
    if (writer->ChangedRows() == 0) {
      return Fail(ErrorCode::kNotFound, "table " + std::to_string(table_id), "it is not in the store");
    }
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kDeleteDictionary, table_id));
    PauseForTest("forget");
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
  }
  PauseForTest("forget");
  return DeleteForgottenTables(driver);
}

}  // namespace levee::store
