// The first sync of a table, and the filling in of an older range: log to sorted entries in the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/catalog.h"
#include "delta/log_listing.h"
#include "objectstore/object_store.h"
#include "store/store.h"

namespace levee::catalog {

struct ImportContext {
  store::Store& store;
  objectstore::ObjectStore& objects;
  const ParquetLoader& load_parquet;
  const CatalogOptions& options;
};

struct ImportRequest {
  std::int64_t table_id = 0;
  std::int64_t incarnation = 0;           // of the table
  bool main = true;                       // false: an older range
  std::optional<std::int64_t> version;    // the newest version to reach; empty: the newest there is
  std::optional<store::RangeDamage> replaces;  // the range takes the place of a damaged one
};

struct ImportOutcome {
  std::int64_t version = -1;   // the last version of the range
  std::int64_t first_version = 0;
  std::int64_t commits = 0;
  std::int64_t files = 0;      // active at `version`
  std::string base;            // the checkpoint's id, or empty
};

// Plans the replay, reads it (falling back from a checkpoint that cannot be read to an older one, with a
// note), sorts the entries by partition values and then by the column that prunes best, and publishes
// the range. Fails without publishing when the protocol at the last version may not be read.
Result<ImportOutcome> RunImport(const ImportContext& context, const ImportRequest& request,
                                const delta::LogListing& listing);

}  // namespace levee::catalog
