// Registering, naming and forgetting tables.
#include "store/sql/garbage.h"
#include "store/sql/query.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

#define LEVEE_TABLE_COLUMNS                                                                     \
  "SELECT table_id, name, uri, head_version, layout_generation, floor_version, last_sync_ms, keep_ms" \
  " FROM tables"

constexpr char kByUri[] = LEVEE_TABLE_COLUMNS " WHERE uri=?1";
constexpr char kByName[] = LEVEE_TABLE_COLUMNS " WHERE name=?1";
constexpr char kById[] = LEVEE_TABLE_COLUMNS " WHERE table_id=?1";
constexpr char kAll[] = LEVEE_TABLE_COLUMNS " ORDER BY table_id";
constexpr char kInsert[] = "INSERT INTO tables(uri, name, keep_ms) VALUES(?1, ?2, ?3)";
constexpr char kInsertUnnamed[] = "INSERT INTO tables(uri, keep_ms) VALUES(?1, ?2)";
constexpr char kSetName[] = "UPDATE tables SET name=?2 WHERE table_id=?1";
constexpr char kClearName[] = "UPDATE tables SET name=NULL WHERE table_id=?1";
constexpr char kSetKeep[] = "UPDATE tables SET keep_ms=?2 WHERE table_id=?1";

#undef LEVEE_TABLE_COLUMNS

TableRecord RecordOf(Query& query) {
  TableRecord record;
  record.id = query.Int(0);
  record.name = query.Text(1);
  record.uri = query.Text(2);
  record.incarnation = record.id;  // ids are never used again
  record.head_version = query.Int(3);
  record.layout_generation = query.Int(4);
  record.floor_version = query.Int(5);
  record.last_sync_ms = query.Int(6);
  record.keep_ms = query.MaybeInt(7);
  return record;
}

template <typename Key>
Result<std::optional<TableRecord>> FindOne(Connection& connection, const char* sql, const Key& key) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, sql, key));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return std::nullopt;
  return RecordOf(query);
}

}  // namespace

Result<std::optional<TableRecord>> SqlStore::FindTableByUri(std::string_view uri) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  return FindOne(*reader, kByUri, uri);
}

Result<std::optional<TableRecord>> SqlStore::FindTableByName(std::string_view name) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  return FindOne(*reader, kByName, name);
}

Result<std::vector<TableRecord>> SqlStore::ListTables() {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  LEVEE_ASSIGN(Query query, Query::Make(*reader, kAll));
  std::vector<TableRecord> records;
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return records;
    records.push_back(RecordOf(query));
  }
}

Result<TableRecord> SqlStore::CreateTable(std::string_view uri, std::string_view name,
                                          std::optional<std::int64_t> keep_ms) {
  LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(const auto same_uri, FindOne(*writer, kByUri, uri));
  if (same_uri) return Fail(ErrorCode::kAlreadyExists, "table " + std::string(uri), "it is in the store already");
  if (!name.empty()) {
    LEVEE_ASSIGN(const auto same_name, FindOne(*writer, kByName, name));
    if (same_name) {
      return Fail(ErrorCode::kAlreadyExists, "name " + std::string(name), "it stands for " + same_name->uri,
                  "choose another name");
    }
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kInsert, uri, name, keep_ms));
  } else {
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kInsertUnnamed, uri, keep_ms));
  }
  LEVEE_ASSIGN(const auto record, FindOne(*writer, kById, writer->LastInsertId()));
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return *record;
}

Status SqlStore::SetTableOptions(std::int64_t table_id, std::optional<std::string> name,
                                 std::optional<std::int64_t> keep_ms) {
  LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(const auto record, FindOne(*writer, kById, table_id));
  if (!record) return Fail(ErrorCode::kNotFound, "table " + std::to_string(table_id), "it is not in the store");
  if (name && name->empty()) LEVEE_RETURN_IF_ERROR(Execute(*writer, kClearName, table_id));
  if (name && !name->empty()) {
    LEVEE_ASSIGN(const auto other, FindOne(*writer, kByName, std::string_view(*name)));
    if (other && other->id != table_id) {
      return Fail(ErrorCode::kAlreadyExists, "name " + *name, "it stands for " + other->uri,
                  "choose another name");
    }
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kSetName, table_id, std::string_view(*name)));
  }
  if (keep_ms) LEVEE_RETURN_IF_ERROR(Execute(*writer, kSetKeep, table_id, *keep_ms));
  return transaction.Commit();
}

Status SqlStore::ForgetTable(std::int64_t table_id) { return ForgetTableData(*driver_, table_id); }

}  // namespace levee::store
