#include "store/sqlite/sqlite_driver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/cancellation.h"
#include "store/sqlite/change_mark.h"
#include "store/sqlite/sqlite_connection.h"

namespace levee::store {
namespace {

constexpr std::size_t kIdleReadersMax = 8, kReadersKeptMax = 64;
constexpr std::int64_t kPageBytes = 16'384;

std::int64_t FileSize(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::int64_t>(info.st_size) : -1;
}

Status SyncFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (synced) return {};
  return Fail(ErrorCode::kIo, "backup " + path, std::generic_category().message(error));
}

class SqliteDriver final : public Driver, private cache::Level {
 public:
  SqliteDriver(std::string path, SqliteConnection::Options connect)
      : path_(std::move(path)), uri_("sqlite:" + path_), connect_(connect) {}

  // Opens the first connection and settles how the file can be opened at all.
  Status Start() {
    const bool create = connect_.create && FileSize(path_) <= 0;
    connect_.create = create;
    LEVEE_ASSIGN(auto connection, OpenFirst());
    if (create) {
      LEVEE_RETURN_IF_ERROR(MakeWriteAhead(*connection));
    }
    connect_.create = false;
    idle_.reserve(kReadersKeptMax);  // giving back must not fail
    idle_passing_.reserve(kReadersKeptMax);
    idle_.push_back(std::move(connection));
    return {};
  }

  Result<Lease> Reader() override { return ReaderOf(idle_, connect_); }

  Result<Lease> PassingReader() override {
    SqliteConnection::Options options = connect_;
    options.mapped = false;
    return ReaderOf(idle_passing_, options);
  }

  Result<Lease> Writer(Durability durability) override {
    if (read_only()) {
      return Fail(ErrorCode::kIo, "store " + path_, "it is read-only", "check the rights of the file and its folder");
    }
    LEVEE_RETURN_IF_ERROR(WaitForWriting());
    std::unique_lock lock(writing_, std::adopt_lock);
    LEVEE_ASSIGN(Connection * connection, WriterConnection(durability));
    writer_lent_ = true;
    lock.release();
    return Lease(*this, connection, true);
  }

  PoolUse pool() const override {
    const std::lock_guard lock(mutex_);
    CloseIdle();
    const std::int64_t lent = lent_;
    return {.open = static_cast<std::int64_t>(idle_.size() + idle_passing_.size()) + lent + (has_writer_ ? 1 : 0),
            .in_use = lent + (writer_lent_ ? 1 : 0)};
  }

  cache::Level* pages() override { return this; }

  const std::string& uri() const override { return uri_; }
  bool read_only() const override { return connect_.read_only; }

  Result<std::int64_t> SizeBytes() override {
    return std::max<std::int64_t>(FileSize(path_), 0) + std::max<std::int64_t>(FileSize(path_ + "-wal"), 0);
  }

  std::optional<std::uint64_t> ChangeMark() override { return change_mark_.Read(path_, connect_); }

  Status CopyTo(const std::string& path) override {
    if (FileSize(path) >= 0) {
      return Fail(ErrorCode::kAlreadyExists, "backup " + path, "the file is there already", "name another one");
    }
    LEVEE_ASSIGN(const Lease reader, Reader());
    // One read transaction, so that writers go on; what it writes has no free pages and no log beside it.
    std::string quoted;
    for (const char c : path) quoted.append(c == '\'' ? 2 : 1, c);
    LEVEE_RETURN_IF_ERROR(reader->RunScript("VACUUM INTO '" + quoted + "'"));
    return SyncFile(path);
  }

  Status ShrinkFile() override {
    {
      LEVEE_ASSIGN(const Lease writer, Writer(Durability::kDurable));
      // Older files could not give single pages back: from now on they can.
      LEVEE_RETURN_IF_ERROR(writer->RunScript("PRAGMA auto_vacuum=INCREMENTAL;VACUUM"));
    }
    return Checkpoint();
  }

  Status CheckpointBeside() override {
    if (read_only()) return {};
    // Not the writers' connection: they have it meanwhile.
    LEVEE_ASSIGN(const Lease lease, Reader());
    return lease->RunScript("PRAGMA wal_checkpoint(PASSIVE)");
  }

  Result<std::int64_t> ReleaseFreeBytes(std::int64_t bytes) override {
    if (read_only()) return 0;
    LEVEE_ASSIGN(const std::int64_t before, FreeBytes());
    if (before == 0 || bytes <= 0) return before;
    LEVEE_ASSIGN(const Lease writer, Writer(Durability::kStaging));
    const std::int64_t pages = std::max<std::int64_t>(1, bytes / kPageBytes);
    LEVEE_RETURN_IF_ERROR(writer->RunScript("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")"));
    return FreeBytes();
  }

  Result<std::int64_t> FreeBytes() override {
    static constexpr char kFree[] =
        "SELECT (SELECT auto_vacuum FROM pragma_auto_vacuum), (SELECT freelist_count FROM pragma_freelist_count),"
        " (SELECT page_size FROM pragma_page_size)";
    LEVEE_ASSIGN(const Lease reader, Reader());
    LEVEE_ASSIGN(Statement * statement, reader->Prepare(kFree));
    const auto row = statement->Step();
    constexpr std::int64_t kIncremental = 2;
    const bool can = row && *row && statement->Int(0) == kIncremental;
    const std::int64_t bytes = can ? statement->Int(1) * statement->Int(2) : 0;
    statement->Reset();
    LEVEE_RETURN_IF_ERROR(row);
    return bytes;
  }

  Status Checkpoint() override {
    if (read_only()) return {};
    LEVEE_ASSIGN(const Lease writer, Writer(Durability::kDurable));
    if (connect_.tuning != nullptr && connect_.tuning->TakeOptimise()) {
      LEVEE_RETURN_IF_ERROR(writer->RunScript("PRAGMA optimize"));
    }
    // A reader or another writer in the way is no failure: the next checkpoint gets there.
    if (auto status = writer->RunScript("PRAGMA wal_checkpoint(TRUNCATE)");
        !status && status.error().code != ErrorCode::kUnavailable) {
      return status;
    }
    return {};
  }

 private:
  // As the level of pages. The budget is for as many readers as are kept; readers on loan take the change over
  // when they come back, and are taken to be full.
  void SetBudget(std::uint64_t bytes) override {
    constexpr std::int64_t kLeastKib = 64, kMostKib = 2048;
    const auto kib = static_cast<std::int64_t>(bytes / kIdleReadersMax / 1024);
    page_cache_kib_ = std::clamp(kib, kLeastKib, kMostKib);
    const std::lock_guard lock(mutex_);
    for (const auto* idle : {&idle_, &idle_passing_}) {
      for (const auto& connection : *idle) {
        [[maybe_unused]] const Status told = connection->SetPageCache(page_cache_kib_);
      }
    }
  }
  void WatchEvicted(std::uint64_t) override {}
  cache::CacheCounters counters() const override {
    const std::lock_guard lock(mutex_);
    cache::CacheCounters sum{.bytes = static_cast<std::uint64_t>(lent_ * page_cache_kib_ * 1024)};
    for (const auto* idle : {&idle_, &idle_passing_}) {
      for (const auto& connection : *idle) {
        const SqliteConnection::PageUse use = connection->page_use();
        sum.bytes += use.bytes;
        sum.hits += use.hits;
        sum.misses += use.misses;
      }
    }
    return sum;
  }

  void GiveBack(Connection* connection, bool writer) override {
    if (writer) {
      writer_lent_ = false;
      return writing_.unlock();
    }
    std::unique_ptr<SqliteConnection> owned(static_cast<SqliteConnection*>(connection));
    // A reader that cannot be told keeps what it had.
    [[maybe_unused]] const Status told = owned->SetPageCache(page_cache_kib_);
    const std::lock_guard lock(mutex_);
    --lent_;
    CloseIdle();
    auto& idle = owned->is_mapped() ? idle_ : idle_passing_;
    if (idle.size() < ReadersKept()) {
      idle.push_back(std::move(owned));
      given_back_ = std::chrono::steady_clock::now();
    }
  }

  Result<Lease> ReaderOf(std::vector<std::unique_ptr<SqliteConnection>>& idle, const SqliteConnection::Options& options) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle.empty()) {
        Connection* connection = idle.back().release();
        idle.pop_back();
        ++lent_;
        return Lease(*this, connection, false);
      }
    }
    LEVEE_ASSIGN(auto connection, SqliteConnection::Open(path_, options));
    LEVEE_RETURN_IF_ERROR(connection->SetPageCache(page_cache_kib_));
    ++lent_;
    return Lease(*this, connection.release(), false);
  }

  // How many readers stay open when nobody needs them.
  std::size_t ReadersKept() const {
    if (connect_.tuning == nullptr) return kIdleReadersMax;
    return static_cast<std::size_t>(std::clamp(connect_.tuning->values().connections, 1, static_cast<int>(kReadersKeptMax)));
  }

  // Those that nobody needed for as long as the tuning says. With mutex_ held; asked whenever one comes back or the pool is looked
  // at, so that they need no thread.
  void CloseIdle() const {
    const std::int64_t timeout_ms = connect_.tuning == nullptr ? 0 : connect_.tuning->values().idle_timeout_ms;
    if (timeout_ms == 0 || std::chrono::steady_clock::now() - given_back_ < std::chrono::milliseconds(timeout_ms)) return;
    idle_.clear();
    idle_passing_.clear();
  }

  // In turn with the process's other writers.
  Status WaitForWriting() {
    constexpr std::chrono::milliseconds kLook{20};
    if (writing_.try_lock()) return {};
    while (!writing_.try_lock_for(kLook)) LEVEE_RETURN_IF_ERROR(CheckCancelled());
    return {};
  }

  Result<Connection*> WriterConnection(Durability durability) {
    if (writer_ == nullptr) {
      LEVEE_ASSIGN(writer_, SqliteConnection::Open(path_, connect_));
      // A log of up to 64 MiB: an import would otherwise move its pages twice too often.
      if (connect_.tuning == nullptr) LEVEE_RETURN_IF_ERROR(writer_->RunScript("PRAGMA wal_autocheckpoint=4096"));
      has_writer_ = true;
    }
    LEVEE_RETURN_IF_ERROR(writer_->SetDurability(durability));
    return writer_.get();
  }

  // SQLite doesn't wait by itself where two processes make the same store: one of them has to step back.
  Status MakeWriteAhead(Connection& connection) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(connect_.busy_timeout_ms);
    while (true) {
      Status made = connection.RunScript("PRAGMA page_size=16384;PRAGMA auto_vacuum=INCREMENTAL;PRAGMA journal_mode=WAL");
      const bool busy = !made && made.error().code == ErrorCode::kUnavailable;
      if (!busy || std::chrono::steady_clock::now() >= end) return made;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  Result<std::unique_ptr<SqliteConnection>> OpenFirst() {
    auto connection = SqliteConnection::Open(path_, connect_);
    if (connection) connect_.read_only = connect_.read_only || (*connection)->file_is_read_only();
    if (connection && (connect_.create || (*connection)->SchemaVersion())) return connection;
    // In a folder that may not be written, the shared memory of write-ahead mode cannot be made. Without
    // a log that holds newer pages, the file alone is the whole store.
    const bool folder_writable = ::access(Folder().c_str(), W_OK) == 0;
    if (folder_writable || connect_.create || FileSize(path_ + "-wal") > 0) return connection;
    connect_.read_only = true;
    connect_.immutable = true;
    return SqliteConnection::Open(path_, connect_);
  }

  std::string Folder() const {
    const std::string folder = std::filesystem::path(path_).parent_path().string();
    return folder.empty() ? "." : folder;
  }

  const std::string path_;
  const std::string uri_;
  levee::store::ChangeMark change_mark_;
  SqliteConnection::Options connect_;  // constant after Start

  mutable std::mutex mutex_;
  // Guarded by mutex_; the longest idle first. Those that pass leave nothing of the file mapped.
  mutable std::vector<std::unique_ptr<SqliteConnection>> idle_, idle_passing_;
  std::chrono::steady_clock::time_point given_back_;             // guarded by mutex_; when the last of them came back
  std::timed_mutex writing_;
  std::unique_ptr<SqliteConnection> writer_;  // guarded by writing_
  // For those who only look; the readers on loan change under mutex_ or before the loan is known.
  std::atomic<std::int64_t> lent_{0};
  std::atomic<std::int64_t> page_cache_kib_{2048};  // of each reader
  std::atomic<bool> has_writer_{false}, writer_lent_{false};
};

}  // namespace

Result<std::unique_ptr<Driver>> OpenSqlite(const std::string& path, const SqliteOptions& options) {
  SqliteConnection::Options connect;
  connect.create = options.create && !options.read_only;
  connect.read_only = options.read_only;
  connect.busy_timeout_ms = options.busy_timeout_ms;
  connect.tuning = options.tuning;
  if (!connect.create && FileSize(path) < 0) {
    return Fail(ErrorCode::kNotFound, "store " + path, "there is no such file", "import a table to make it");
  }
  auto driver = std::make_unique<SqliteDriver>(path, connect);
  LEVEE_RETURN_IF_ERROR(driver->Start());
  return driver;
}

}  // namespace levee::store
