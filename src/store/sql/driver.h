// What SqlStore needs of a database: statements, transactions, ranges of blobs. A driver implements
// these over one client library and knows nothing of tables and segments.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"
#include "cache/level.h"

namespace levee::store {

// A prepared statement of a connection. Parameters and columns count from 0. Not thread-safe.
class Statement {
 public:
  virtual ~Statement() = default;
  // Bound texts and blobs must live until Reset.
  virtual void BindInt(int index, std::int64_t value) = 0;
  virtual void BindText(int index, std::string_view value) = 0;
  virtual void BindBlob(int index, ByteSpan value) = 0;
  virtual void BindNull(int index) = 0;
  // True: a row is there. Its texts and blobs live until the next Step or Reset.
  virtual Result<bool> Step() = 0;
  virtual bool IsNull(int column) = 0;
  virtual std::int64_t Int(int column) = 0;
  virtual std::string_view Text(int column) = 0;
  virtual ByteSpan Blob(int column) = 0;
  // Ends the execution, so that the statement may run again.
  virtual void Reset() = 0;
};

enum class TransactionMode : std::uint8_t {
  kRead,   // one snapshot for several statements
  kWrite,  // waits for other writers within the busy budget, then excludes them
};

// A connection, used by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;
  // Prepared once for each `sql`, by address: pass constants that live as long as the program.
  virtual Result<Statement*> Prepare(const char* sql) = 0;
  // Runs statements without parameters or results.
  virtual Status RunScript(const std::string& sql) = 0;
  virtual Status Begin(TransactionMode mode) = 0;
  virtual Status Commit() = 0;
  virtual void Rollback() = 0;
  virtual std::int64_t LastInsertId() = 0;
  virtual std::int64_t ChangedRows() = 0;
  // The version of the store's schema; 0: none yet.
  virtual Result<std::int64_t> SchemaVersion() = 0;
  virtual Status SetSchemaVersion(std::int64_t version) = 0;
  // Fills `out` from byte `offset` of chunks.data in the row `chunk_id`. kNotFound when the row is gone.
  virtual Status ReadChunk(std::int64_t chunk_id, std::size_t offset, std::span<std::uint8_t> out) = 0;
};

// Whether a commit has to survive a power cut once it is acknowledged.
enum class Durability : std::uint8_t { kStaging, kDurable };

class Driver;

// A connection on loan; gives it back when destroyed. Movable.
class Lease {
 public:
  Lease(Driver& driver, Connection* connection, bool writer)
      : driver_(&driver), connection_(connection), writer_(writer) {}
  Lease(Lease&& other) noexcept
      : driver_(other.driver_), connection_(std::exchange(other.connection_, nullptr)), writer_(other.writer_) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_; }

 private:
  Driver* driver_;
  Connection* connection_;
  bool writer_;
};

// Connections of this process.
struct PoolUse {
  std::int64_t open = 0, in_use = 0;
};

// A database. Thread-safe.
class Driver {
 public:
  virtual ~Driver() = default;
  virtual Result<Lease> Reader() = 0;
  // One for those who keep what they read themselves: it leaves no pages of the file in this process's memory.
  virtual Result<Lease> PassingReader() { return Reader(); }
  // Waits until no other thread of this process has it.
  virtual Result<Lease> Writer(Durability durability) = 0;
  virtual const std::string& uri() const = 0;
  virtual bool read_only() const = 0;
  virtual Result<std::int64_t> SizeBytes() = 0;
  virtual PoolUse pool() const = 0;
  // What the driver itself keeps of the database in memory; null: nothing that could be bounded.
  virtual cache::Level* pages() { return nullptr; }
  // Moves the write-ahead log into the database, as far as readers allow.
  virtual Status Checkpoint() = 0;
  // The same as far as that keeps neither writers nor readers waiting.
  virtual Status CheckpointBeside() { return {}; }
  // Another number than before: something may have been committed since, by any process. Nothing: it cannot tell.
  // Costs no system call after the first time.
  virtual std::optional<std::uint64_t> ChangeMark() { return std::nullopt; }
  // Everything, into a file that is not there yet, while others write. kAlreadyExists.
  virtual Status CopyTo(const std::string& path) {
    return Fail(ErrorCode::kUnsupported, "backup " + path, "this database has none of its own", "use the database's tools");
  }
  // Gives free pages back to the file system, where the database does not do so by itself: all, writing everything anew.
  virtual Status ShrinkFile() { return {}; }
  // The same of at most `bytes`, in one short transaction; how many bytes are free then that can be given back so. None
  // where the database, or an older file, knows no such thing.
  virtual Result<std::int64_t> ReleaseFreeBytes(std::int64_t /*bytes*/) { return 0; }
  // That could be given back.
  virtual Result<std::int64_t> FreeBytes() { return 0; }

 private:
  friend class Lease;
  virtual void GiveBack(Connection* connection, bool writer) = 0;
};

inline Lease::~Lease() {
  if (connection_ != nullptr) driver_->GiveBack(connection_, writer_);
}

// Rolls back unless Commit succeeded.
class Transaction {
 public:
  static Result<Transaction> Begin(Connection& connection, TransactionMode mode) {
    LEVEE_RETURN_IF_ERROR(connection.Begin(mode));
    return Transaction(connection);
  }
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    if (connection_ != nullptr) connection_->Rollback();
  }

  Status Commit() {
    LEVEE_RETURN_IF_ERROR(connection_->Commit());
    connection_ = nullptr;
    return {};
  }

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;  // null once the outcome is settled
};

}  // namespace levee::store
