// Commits, heads and state: reading and the small updates.
#include "store/sql/commit_rows.h"
#include "store/sql/query.h"
#include "store/sealed_blob.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kInsertCommit[] =
    "INSERT INTO commits(table_id, version, timestamp_ms, etag, content_hash, commit_info, files_added,"
    " files_removed, bytes_added, rows_added, num_files, size_bytes, num_records, is_base, known_records,"
    " files_without_records, adjusted_ms)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
    " CASE WHEN before_ms>=?3 THEN before_ms+1 ELSE ?3 END"
    " FROM (SELECT (SELECT adjusted_ms FROM commits WHERE table_id=?1 AND version<?2 ORDER BY version DESC LIMIT 1)"
    " AS before_ms) AS earlier WHERE true ON CONFLICT(table_id, version) DO NOTHING";
constexpr char kReadCommits[] =
    "SELECT version, timestamp_ms, etag, content_hash, commit_info, files_added, files_removed, bytes_added,"
    " rows_added, num_files, size_bytes, num_records, is_base, adjusted_ms FROM commits"
    " WHERE table_id=?1 AND version>=?2 AND version<=?3 ORDER BY version DESC LIMIT ?4";
constexpr char kReadTotals[] =
    "SELECT num_files, size_bytes, num_records, known_records, files_without_records FROM commits"
    " WHERE table_id=?1 AND version=?2";
constexpr char kInsertState[] =
    "INSERT INTO state_actions(range_id, kind, key, version, json) VALUES(?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT(range_id, kind, key, version) DO UPDATE SET json=excluded.json";
constexpr char kReadState[] =
    "SELECT kind, key, version, json FROM state_actions WHERE range_id=?1 AND version<=?2 ORDER BY kind, key, version";
constexpr char kReadHead[] =
    "SELECT head_version, layout_generation, last_sync_ms, head_etag, head_hash FROM tables WHERE table_id=?1";
constexpr char kTouch[] = "UPDATE tables SET last_sync_ms=?2 WHERE table_id=?1";
constexpr char kSetHeadFingerprint[] =
    "UPDATE tables SET head_etag=?3, head_hash=?4 WHERE table_id=?1 AND head_version=?2";
constexpr char kSetCommitFingerprint[] =
    "UPDATE commits SET etag=?3, content_hash=?4 WHERE table_id=?1 AND version=?2";

constexpr std::size_t kSealedStateMin = 1024;  // bytes of JSON

CommitRecord RecordOf(Query& query) {
  CommitRecord record;
  record.version = query.Int(0);
  record.timestamp_ms = query.Int(1);
  record.fingerprint = {query.Text(2), static_cast<std::uint64_t>(query.Int(3))};
  record.commit_info_json = query.Text(4);
  record.files_added = query.Int(5);
  record.files_removed = query.Int(6);
  record.bytes_added = query.Int(7);
  record.rows_added = query.MaybeInt(8);
  record.num_files = query.Int(9);
  record.size_bytes = query.Int(10);
  record.num_records = query.MaybeInt(11);
  record.is_base = query.Int(12) != 0;
  record.adjusted_ms = query.Int(13);
  return record;
}

}  // namespace

Status InsertCommit(Connection& connection, std::int64_t table_id, const CommitRecord& record,
                    const std::optional<RecordTotals>& totals) {
  std::optional<std::int64_t> known, without;
  if (totals) {
    known = totals->known_records;
    without = totals->files_without_records;
  }
  return Execute(connection, kInsertCommit, table_id, record.version, record.timestamp_ms,
                 std::string_view(record.fingerprint.etag), static_cast<std::int64_t>(record.fingerprint.content_hash),
                 std::string_view(record.commit_info_json), record.files_added, record.files_removed,
                 record.bytes_added, record.rows_added, record.num_files, record.size_bytes, record.num_records,
                 static_cast<std::int64_t>(record.is_base), known, without);
}

Status InsertState(Connection& connection, std::int64_t range_id, const StateRecord& record) {
  const auto insert = [&](const auto& json) {
    return Execute(connection, kInsertState, range_id, static_cast<std::int64_t>(record.kind),
                   std::string_view(record.key), record.version, json);
  };
  // A schema's text is most of what a small table takes.
  if (record.json.size() >= kSealedStateMin) {
    const Bytes sealed = SealBlob(kStateMagic, AsBytes(record.json), Compression::kWhenSmaller);
    if (sealed.size() < record.json.size()) return insert(ByteSpan(sealed));
  }
  return insert(std::string_view(record.json));
}

Result<std::string> StateJson(ByteSpan stored, std::int64_t range_id) {
  // JSON never begins with the magic's letter.
  if (stored.empty() || stored[0] != static_cast<std::uint8_t>(kStateMagic)) return std::string(AsText(stored));
  LEVEE_ASSIGN(const Bytes json, OpenBlob(kStateMagic, stored, "state of range " + std::to_string(range_id)));
  return std::string(AsText(json));
}

Result<CommitTotals> ReadTotals(Connection& connection, std::int64_t table_id, std::int64_t version) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, kReadTotals, table_id, version));
  LEVEE_ASSIGN(const bool row, query.Step());
  CommitTotals totals;
  if (!row) return totals;
  totals.num_files = query.Int(0);
  totals.size_bytes = query.Int(1);
  if (const auto records = query.MaybeInt(2)) {
    totals.records = {*records, 0};
  } else {
    // Without its own count of such files (an older range), at least one is there and stays.
    totals.records = {query.MaybeInt(3).value_or(0), query.MaybeInt(4).value_or(totals.num_files + 1)};
  }
  return totals;
}

Result<std::vector<CommitRecord>> SqlStore::ReadCommits(std::int64_t table_id, std::int64_t first, std::int64_t last,
                                                        std::int64_t limit) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  LEVEE_ASSIGN(Query query, Query::Make(*reader, kReadCommits, table_id, first, last, limit));
  std::vector<CommitRecord> records;
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return records;
    records.push_back(RecordOf(query));
  }
}

Result<std::vector<StateRecord>> SqlStore::ReadState(std::int64_t table_id, std::int64_t version) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*reader, TransactionMode::kRead));
  LEVEE_ASSIGN(const RangeHead range, ReadRangeHead(*reader, table_id, version));
  LEVEE_ASSIGN(Query query, Query::Make(*reader, kReadState, range.range_id, version));
  std::vector<StateRecord> records;
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return records;
    LEVEE_ASSIGN(std::string json, StateJson(query.Blob(3), range.range_id));
    StateRecord record{static_cast<std::uint8_t>(query.Int(0)), query.Text(1), query.Int(2), std::move(json)};
    const bool newer = !records.empty() && records.back().kind == record.kind && records.back().key == record.key;
    if (newer) {
      records.back() = std::move(record);
    } else {
      records.push_back(std::move(record));
    }
  }
}

Result<std::optional<Head>> SqlStore::ReadHead(std::int64_t table_id) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  LEVEE_ASSIGN(Query query, Query::Make(*reader, kReadHead, table_id));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return std::nullopt;
  Head head;
  head.incarnation = table_id;
  head.version = query.Int(0);
  head.layout_generation = query.Int(1);
  head.last_sync_ms = query.Int(2);
  head.fingerprint = {query.Text(3), static_cast<std::uint64_t>(query.Int(4))};
  layouts_.Confirm(table_id, head.layout_generation);
  return head;
}

Result<bool> SqlStore::HasVersion(std::int64_t table_id, std::int64_t version) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  const auto range = ReadRangeHead(*reader, table_id, version);
  if (range) return true;
  if (range.error().code == ErrorCode::kOutOfRange) return false;
  return std::unexpected(range.error());
}

Result<std::vector<std::pair<std::int64_t, std::int64_t>>> SqlStore::VersionRanges(std::int64_t table_id) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  return ReadRanges(*reader, table_id);
}

Status SqlStore::TouchSync(std::int64_t table_id, std::int64_t now_ms) {
  auto writer = driver_->Writer(Durability::kStaging);
  if (!writer) return std::unexpected(writer.error());
  auto status = Execute(**writer, kTouch, table_id, now_ms);
  if (!status && status.error().code == ErrorCode::kUnavailable) return {};
  return status;
}

Status SqlStore::SetFingerprint(std::int64_t table_id, std::int64_t version, const CommitFingerprint& fingerprint) {
  const auto hash = static_cast<std::int64_t>(fingerprint.content_hash);
  const std::string_view etag = fingerprint.etag;
  LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kSetHeadFingerprint, table_id, version, etag, hash));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kSetCommitFingerprint, table_id, version, etag, hash));
  return transaction.Commit();
}

}  // namespace levee::store
