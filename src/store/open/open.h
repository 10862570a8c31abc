// Opens a store by its URI.
#pragma once

#include <memory>
#include <string_view>

#include "base/status.h"
#include "cache/cache_setup.h"
#include "store/store.h"
#include "store/tuning.h"

namespace levee::store {

struct OpenOptions {
  bool create = true;           // make the store when it is not there
  bool read_only = false;
  int busy_timeout_ms = 10'000; // how long a writer waits for another
  std::int64_t cache_bytes = 256 << 20;  // decoded columns kept in memory, where no governor shares them out
  bool key_indexes = true;      // build sorted indexes of columns, and read them
  bool encoded_evaluation = true;  // look at columns as they are stored where decoding them does not pay
  bool index_everything = false;  // of every column, whether that pays or not: for tests
  cache::CacheSetup caches;
  std::shared_ptr<const Tuning> tuning;  // of the database; comes before busy_timeout_ms; null: none
};

// `sqlite:PATH` or a bare path. `postgresql://` and `duckdb:` are kUnsupported ("not built in").
Result<std::unique_ptr<Store>> OpenStore(std::string_view uri, const OpenOptions& options);

}  // namespace levee::store
