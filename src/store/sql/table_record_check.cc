#include "store/sql/table_record_check.h"

#include <algorithm>
#include <optional>

#include "store/sql/query.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kTable[] =
    "SELECT head_version, floor_version, main_range, head_etag, head_hash FROM tables WHERE table_id=?1";
constexpr char kMainRanges[] =
    "SELECT range_id, first_version FROM ranges WHERE table_id=?1 AND is_main=1 AND published=1 ORDER BY range_id";
constexpr char kNewestCommit[] =
    "SELECT version, etag, content_hash FROM commits WHERE table_id=?1 ORDER BY version DESC LIMIT 1";
constexpr char kCommitsIn[] = "SELECT count(*) FROM commits WHERE table_id=?1 AND version>=?2 AND version<=?3";
constexpr char kMend[] =
    "UPDATE tables SET head_version=?2, floor_version=?3, main_range=?4, head_etag=?5, head_hash=?6,"
    " layout_generation=layout_generation+1 WHERE table_id=?1";

// Segments whose range has lost its row go with the next clean-up, as those of a dead import do.
constexpr char kAdoptOrphans[] =
    "INSERT INTO ranges(range_id, table_id, first_version, last_version, is_main, published, owner, touched_ms)"
    " SELECT DISTINCT range_id, ?1, 0, -1, 0, 0, '', 0 FROM segments"
    " WHERE range_id NOT IN (SELECT range_id FROM ranges)";

struct Row {
  std::int64_t head = -1, floor = 0, main_range = 0;
  CommitFingerprint fingerprint;
};

Result<Row> ReadRow(Connection& connection, std::int64_t table_id) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, kTable, table_id));
  LEVEE_ASSIGN(const bool there, query.Step());
  if (!there) return Fail(ErrorCode::kNotFound, "table " + std::to_string(table_id), "it is not in the store");
  return Row{query.Int(0), query.Int(1), query.Int(2), {query.Text(3), static_cast<std::uint64_t>(query.Int(4))}};
}

struct MainRange {
  std::int64_t range_id = 0, first_version = 0;
};

Result<std::vector<MainRange>> ReadMainRanges(Connection& connection, std::int64_t table_id) {
  std::vector<MainRange> ranges;
  LEVEE_ASSIGN(Query query, Query::Make(connection, kMainRanges, table_id));
  while (true) {
    LEVEE_ASSIGN(const bool there, query.Step());
    if (!there) return ranges;
    ranges.push_back({query.Int(0), query.Int(1)});
  }
}

// Commits land with the head, so that the newest one is the head's, unless commits are what is damaged.
Status CheckHead(Connection& connection, std::int64_t table_id, const Row& row, RecordCheck& check) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, kNewestCommit, table_id));
  LEVEE_ASSIGN(const bool there, query.Step());
  if (!there) return {};
  const std::int64_t newest = query.Int(0);
  const CommitFingerprint fingerprint{query.Text(1), static_cast<std::uint64_t>(query.Int(2))};
  if (newest == row.head) {
    if (fingerprint == row.fingerprint) return {};
    check.problems.push_back("the table's row: it has another fingerprint of the head than commit " + std::to_string(newest));
  } else {
    check.problems.push_back("the table's row: it has the head at version " + std::to_string(row.head) +
                             ", the newest commit is " + std::to_string(newest));
    if (newest < row.head) return {};  // it is commits that are gone: the log decides
  }
  check.head = newest;
  check.fingerprint = fingerprint;
  return {};
}

}  // namespace

Result<RecordCheck> CheckRecord(Connection& connection, std::int64_t table_id) {
  LEVEE_ASSIGN(const Row row, ReadRow(connection, table_id));
  RecordCheck check{.main_range = row.main_range, .floor = row.floor, .head = row.head, .fingerprint = row.fingerprint};
  LEVEE_ASSIGN(const std::vector<MainRange> mains, ReadMainRanges(connection, table_id));
  if (row.main_range == 0 && mains.empty() && row.head < 0) return check;  // never imported
  auto main = std::ranges::find(mains, row.main_range, &MainRange::range_id);
  if (main == mains.end()) {
    check.problems.push_back("the table's row: its main range " + std::to_string(row.main_range) + " is not there");
    check.main_range = mains.size() == 1 ? mains.front().range_id : 0;
    main = mains.size() == 1 ? mains.begin() : mains.end();
  }
  LEVEE_RETURN_IF_ERROR(CheckHead(connection, table_id, row, check));
  // Retention raises the first version above the range's own; it never lies below, nor above the head.
  if (main != mains.end() && (row.floor < main->first_version || row.floor > check.head)) {
    check.problems.push_back("the table's row: its first version " + std::to_string(row.floor) + " is not that of its range");
    check.floor = main->first_version;
  }
  return check;
}

Status SqlStore::MendRecord(std::int64_t table_id) {
  LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(const RecordCheck check, CheckRecord(*writer, table_id));
  if (check.problems.empty()) return {};
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kMend, table_id, check.head, check.floor, check.main_range,
                                std::string_view(check.fingerprint.etag),
                                static_cast<std::int64_t>(check.fingerprint.content_hash)));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kAdoptOrphans, table_id));
  return transaction.Commit();
}

}  // namespace levee::store
