// Whether anything was committed to a database, without asking it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "store/sqlite/sqlite_connection.h"

namespace levee::store {

// Watches the header of the write-ahead log's index, which every process that has the database open maps, and which each
// commit changes before it is acknowledged. Thread-safe.
class ChangeMark {
 public:
  // Nothing: the database keeps no such index, or a writer is changing it just now.
  std::optional<std::uint64_t> Read(const std::string& path, const SqliteConnection::Options& connect);

 private:
  const void* Index(const std::string& path, const SqliteConnection::Options& connect);

  std::atomic<const void*> index_{nullptr};
  std::atomic<bool> tried_{false};
  std::mutex mutex_;
  std::unique_ptr<SqliteConnection> connection_;  // guarded by mutex_; keeps the index mapped
};

}  // namespace levee::store
