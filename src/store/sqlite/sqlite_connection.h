// One SQLite connection behind store/sql's interface.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "store/sql/driver.h"
#include "store/tuning.h"

namespace levee::store {

class SqliteConnection final : public Connection {
 public:
  struct Options {
    bool create = false;
    bool read_only = false;
    bool immutable = false;  // nobody writes the file: needs no lock and no shared memory
    int busy_timeout_ms = 0;
    bool mapped = true;      // pages are read where the system maps the file, which then counts as this process's memory
    std::shared_ptr<const Tuning> tuning;  // comes before busy_timeout_ms; null: none
  };
  static Result<std::unique_ptr<SqliteConnection>> Open(const std::string& path, const Options& options);
  ~SqliteConnection() override;

  Result<Statement*> Prepare(const char* sql) override;
  Status RunScript(const std::string& sql) override;
  Status Begin(TransactionMode mode) override;
  Status Commit() override;
  void Rollback() override;
  std::int64_t LastInsertId() override { return sqlite3_last_insert_rowid(database_); }
  std::int64_t ChangedRows() override { return sqlite3_changes64(database_); }
  Result<std::int64_t> SchemaVersion() override;
  Status SetSchemaVersion(std::int64_t version) override;
  Status ReadChunk(std::int64_t chunk_id, std::size_t offset, std::span<std::uint8_t> out) override;

  Status SetDurability(Durability durability);
  // Pages kept in memory by this connection, in KiB; what is above goes at once.
  Status SetPageCache(std::int64_t size_kib);
  // Bytes of pages held now; look-ups of pages that found and missed them since it was opened.
  struct PageUse {
    std::uint64_t bytes = 0, hits = 0, misses = 0;
  };
  PageUse page_use() const;
  // The first bytes of the write-ahead log's shared memory, kSharedIndexBytes of them, where they stay until this
  // connection is closed; null: there is none. https://sqlite.org/walformat.html, section 2.
  Result<const void*> MapSharedIndex();
  static constexpr std::size_t kSharedIndexBytes = 96;
  bool is_mapped() const { return mapped_; }
  // True when the database file itself may not be written.
  bool file_is_read_only() const { return sqlite3_db_readonly(database_, "main") == 1; }

 private:
  SqliteConnection(sqlite3* database, std::string path) : database_(database), path_(std::move(path)) {}
  Result<std::int64_t> ReadPragma(const char* sql);
  std::unexpected<Error> Failure(int code) const;
  void CloseChunk();
  // Does as the tuning says, where that has changed. Not within a transaction.
  Status TakeUpTuning();
  static int WaitWhileBusy(void* connection, int attempts);

  sqlite3* database_;
  const std::string path_;
  int busy_timeout_ms_ = 0, busy_ms_ = 0;  // of the statement that waits
  std::unordered_map<const char*, std::unique_ptr<Statement>> statements_;
  sqlite3_blob* chunk_ = nullptr;  // kept open within a transaction only: an open blob pins a snapshot
  bool in_transaction_ = false;
  bool writes_ = false;            // the transaction may
  bool mapped_ = true;
  bool durable_ = true;            // what `synchronous` is set to
  std::int64_t page_cache_kib_ = 2048;
  std::shared_ptr<const Tuning> tuning_;
  std::uint64_t tuned_ = 0;          // the generation that was taken up
  bool own_page_cache_ = false;      // as the tuning says, not as SetPageCache does
};

}  // namespace levee::store
