// A store in one SQLite file, in write-ahead mode: readers never wait for a writer.
#pragma once

#include <memory>
#include <string>

#include "store/sql/driver.h"
#include "store/tuning.h"

namespace levee::store {

struct SqliteOptions {
  bool create = true;
  bool read_only = false;
  int busy_timeout_ms = 10'000;
  std::shared_ptr<const Tuning> tuning;  // may be changed while the store is open; null: none, and the defaults hold
};

// Opens or creates the file; the schema is SqlStore's to check.
Result<std::unique_ptr<Driver>> OpenSqlite(const std::string& path, const SqliteOptions& options);

}  // namespace levee::store
