#include "store/sqlite/sqlite_connection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "base/cancellation.h"
#include "base/hex.h"
#include "metrics/metrics.h"
#include "store/sqlite/sqlite_error.h"

namespace levee::store {
namespace {

constexpr std::int64_t kApplicationId = 0x4c564531;  // "LVE1"

// `database` may be null, when not even a handle could be made.
std::unexpected<Error> FailureOf(int code, sqlite3* database, const std::string& path) {
  if (database == nullptr) return SqliteFailure({.code = code, .detail = sqlite3_errstr(code)}, path);
  return SqliteFailure({.code = code, .system_error = sqlite3_system_errno(database),
                        .detail = sqlite3_errmsg(database)}, path);
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3_stmt* statement, const std::string& path) : statement_(statement), path_(path) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  void BindInt(int index, std::int64_t value) override { sqlite3_bind_int64(statement_, index + 1, value); }
  void BindText(int index, std::string_view value) override {
    sqlite3_bind_text64(statement_, index + 1, value.data() == nullptr ? "" : value.data(), value.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
  }
  void BindBlob(int index, ByteSpan value) override {
    sqlite3_bind_blob64(statement_, index + 1, value.empty() ? "" : static_cast<const void*>(value.data()),
                        value.size(), SQLITE_STATIC);
  }
  void BindNull(int index) override { sqlite3_bind_null(statement_, index + 1); }

  Result<bool> Step() override {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3* database = sqlite3_db_handle(statement_);
    const auto failure = FailureOf(sqlite3_extended_errcode(database), database, path_);
    sqlite3_reset(statement_);
    return failure;
  }
  bool IsNull(int column) override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t Int(int column) override { return sqlite3_column_int64(statement_, column); }
  std::string_view Text(int column) override {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  ByteSpan Blob(int column) override {
    const void* blob = sqlite3_column_blob(statement_, column);
    return {static_cast<const std::uint8_t*>(blob), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  void Reset() override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
  const std::string& path_;
};

// A file name as SQLite's URI form wants it.
std::string EscapeForUri(const std::string& path) {
  std::string escaped;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      AppendPercent(escaped, static_cast<unsigned char>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path, const Options& options) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.create) flags |= SQLITE_OPEN_CREATE;
  std::string name = path;
  if (options.immutable) {
    flags |= SQLITE_OPEN_URI;
    name = "file:" + EscapeForUri(path) + "?immutable=1";
  }
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &database, flags, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database, path));
  metrics::AddToGauge(metrics::Metric::kStoreConnections, 1);
  if (code != SQLITE_OK) return FailureOf(code, database, path);
  connection->busy_timeout_ms_ = options.busy_timeout_ms;
  sqlite3_busy_handler(database, &SqliteConnection::WaitWhileBusy, connection.get());
  // 2 MiB of pages: what is read often is kept decoded by the store, and mmap covers the rest.
  connection->mapped_ = options.mapped;
  connection->tuning_ = options.tuning;
  LEVEE_RETURN_IF_ERROR(options.tuning != nullptr ? connection->TakeUpTuning()
                        : options.mapped ? connection->RunScript("PRAGMA cache_size=-2048;PRAGMA mmap_size=68719476736")
                                         : connection->RunScript("PRAGMA cache_size=-2048;PRAGMA mmap_size=0"));
  return connection;
}

// Sleeps before the next attempt, as sqlite3_busy_timeout does, but ends when the work is called off. 0: no more
// attempts.
int SqliteConnection::WaitWhileBusy(void* connection, int attempts) {
  constexpr std::array<int, 7> kPausesMs{1, 2, 5, 10, 15, 20, 25};
  auto& self = *static_cast<SqliteConnection*>(connection);
  if (attempts == 0) self.busy_ms_ = 0;
  if (self.busy_ms_ >= self.busy_timeout_ms_ || !CheckCancelled()) return 0;
  const int pause_ms = std::min(kPausesMs[std::min<std::size_t>(static_cast<std::size_t>(attempts), kPausesMs.size() - 1)],
                                self.busy_timeout_ms_ - self.busy_ms_);
  std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
  self.busy_ms_ += pause_ms;
  return 1;
}

SqliteConnection::~SqliteConnection() {
  CloseChunk();
  statements_.clear();
  sqlite3_close(database_);
  metrics::AddToGauge(metrics::Metric::kStoreConnections, -1);
}

std::unexpected<Error> SqliteConnection::Failure(int code) const {
  return FailureOf(code, database_, path_);
}

Result<Statement*> SqliteConnection::Prepare(const char* sql) {
  auto& statement = statements_[sql];
  if (statement == nullptr) {
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    if (code != SQLITE_OK) {
      statements_.erase(sql);
      return Failure(code);
    }
    statement = std::make_unique<SqliteStatement>(prepared, path_);
  }
  return statement.get();
}

Status SqliteConnection::RunScript(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failure(code);
  return {};
}

Status SqliteConnection::TakeUpTuning() {
  if (tuning_ == nullptr || tuning_->generation() == tuned_) return {};
  const std::uint64_t generation = tuning_->generation();
  const TuningValues values = tuning_->values();
  constexpr std::array<const char*, 3> kPlaces{"DEFAULT", "FILE", "MEMORY"};
  std::string script = "PRAGMA mmap_size=" + std::to_string(mapped_ ? values.mapped_bytes : 0) +
                       ";PRAGMA temp_store=" + kPlaces[static_cast<std::size_t>(values.temporary)] +
                       ";PRAGMA wal_autocheckpoint=" + std::to_string(values.checkpoint_pages);
  own_page_cache_ = values.page_cache_bytes > 0;
  const std::int64_t page_cache_kib = own_page_cache_ ? std::max<std::int64_t>(1, values.page_cache_bytes / 1024) : page_cache_kib_;
  script += ";PRAGMA cache_size=-" + std::to_string(page_cache_kib);
  LEVEE_RETURN_IF_ERROR(RunScript(script));
  busy_timeout_ms_ = values.busy_timeout_ms;
  tuned_ = generation;
  return {};
}

Status SqliteConnection::Begin(TransactionMode mode) {
  LEVEE_RETURN_IF_ERROR(TakeUpTuning());
  static constexpr char kRead[] = "BEGIN DEFERRED";
  static constexpr char kWrite[] = "BEGIN IMMEDIATE";
  LEVEE_ASSIGN(Statement * statement, Prepare(mode == TransactionMode::kRead ? kRead : kWrite));
  const auto row = statement->Step();
  statement->Reset();
  LEVEE_RETURN_IF_ERROR(row);
  in_transaction_ = true;
  writes_ = mode == TransactionMode::kWrite;
  return {};
}

Status SqliteConnection::Commit() {
  static constexpr char kCommit[] = "COMMIT";
  CloseChunk();
  std::optional<metrics::Span> span;  // readers sync nothing
  if (writes_) span.emplace(metrics::Metric::kCommitSpan);
  LEVEE_ASSIGN(Statement * statement, Prepare(kCommit));
  const auto row = statement->Step();
  statement->Reset();
  LEVEE_RETURN_IF_ERROR(row);
  in_transaction_ = false;
  if (std::exchange(writes_, false)) metrics::Count(metrics::Metric::kStoreCommits);
  return {};
}

void SqliteConnection::Rollback() {
  CloseChunk();
  in_transaction_ = false;
  writes_ = false;
  // SQLite has already rolled back by itself after some errors.
  if (sqlite3_get_autocommit(database_) == 0) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<std::int64_t> SqliteConnection::ReadPragma(const char* sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(database_, sql, -1, &prepared, nullptr);
  if (code != SQLITE_OK) return Failure(code);
  SqliteStatement statement(prepared, path_);
  LEVEE_ASSIGN([[maybe_unused]] const bool row, statement.Step());
  return statement.Int(0);
}

Result<std::int64_t> SqliteConnection::SchemaVersion() {
  LEVEE_ASSIGN(const std::int64_t version, ReadPragma("PRAGMA user_version"));
  LEVEE_ASSIGN(const std::int64_t application, ReadPragma("PRAGMA application_id"));
  if (application == kApplicationId) return version;
  LEVEE_ASSIGN(const std::int64_t objects, ReadPragma("SELECT count(*) FROM sqlite_master"));
  if (application == 0 && version == 0 && objects == 0) return 0;
  return Fail(ErrorCode::kCorrupt, "store " + path_, "this SQLite database is not a Levee store", "name another file");
}

Status SqliteConnection::SetSchemaVersion(std::int64_t version) {
  return RunScript("PRAGMA application_id=" + std::to_string(kApplicationId) +
                   ";PRAGMA user_version=" + std::to_string(version));
}

Status SqliteConnection::ReadChunk(std::int64_t chunk_id, std::size_t offset, std::span<std::uint8_t> out) {
  int code = chunk_ != nullptr ? sqlite3_blob_reopen(chunk_, chunk_id)
                               : sqlite3_blob_open(database_, "main", "chunks", "data", chunk_id, 0, &chunk_);
  if (code == SQLITE_OK) {
    if (offset + out.size() > static_cast<std::size_t>(sqlite3_blob_bytes(chunk_))) {
      CloseChunk();
      return Fail(ErrorCode::kCorrupt, "store " + path_, "chunk " + std::to_string(chunk_id) + " is cut short");
    }
    code = sqlite3_blob_read(chunk_, out.data(), static_cast<int>(out.size()), static_cast<int>(offset));
  }
  if (code == SQLITE_OK) {
    if (!in_transaction_) CloseChunk();
    return {};
  }
  CloseChunk();
  if (code == SQLITE_ERROR) {  // what SQLite answers for a row that is not there
    return Fail(ErrorCode::kNotFound, "store " + path_, "chunk " + std::to_string(chunk_id) + " is gone");
  }
  return Failure(code);
}

Result<const void*> SqliteConnection::MapSharedIndex() {
  // A connection maps it with its first read.
  LEVEE_RETURN_IF_ERROR(ReadPragma("SELECT count(*) FROM sqlite_master"));
  sqlite3_file* file = nullptr;
  const int code = sqlite3_file_control(database_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return Failure(code);
  if (file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2) return nullptr;
  constexpr int kRegionBytes = 32 * 1024;  // as SQLite itself maps it
  void volatile* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, kRegionBytes, 0, &region) != SQLITE_OK) return nullptr;
  return const_cast<const void*>(region);
}

void SqliteConnection::CloseChunk() {
  sqlite3_blob_close(chunk_);
  chunk_ = nullptr;
}

Status SqliteConnection::SetDurability(Durability durability) {
  const bool durable = durability == Durability::kDurable;
  if (durable == durable_) return {};
  LEVEE_RETURN_IF_ERROR(RunScript(durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  durable_ = durable;
  return {};
}

Status SqliteConnection::SetPageCache(std::int64_t size_kib) {
  if (size_kib == page_cache_kib_) return {};
  if (own_page_cache_) {
    page_cache_kib_ = size_kib;  // for when the tuning says so no more
    return {};
  }
  LEVEE_RETURN_IF_ERROR(RunScript("PRAGMA cache_size=-" + std::to_string(size_kib)));
  if (size_kib < page_cache_kib_) sqlite3_db_release_memory(database_);
  page_cache_kib_ = size_kib;
  return {};
}

SqliteConnection::PageUse SqliteConnection::page_use() const {
  const auto read = [this](int what) {
    int now = 0, most = 0;
    sqlite3_db_status(database_, what, &now, &most, 0);
    return static_cast<std::uint64_t>(now);
  };
  return {.bytes = read(SQLITE_DBSTATUS_CACHE_USED),
          .hits = read(SQLITE_DBSTATUS_CACHE_HIT),
          .misses = read(SQLITE_DBSTATUS_CACHE_MISS)};
}

}  // namespace levee::store
