// Opening a store, and what scans ask of it.
#include <algorithm>

#include "store/sql/migrations.h"
#include "store/sql/sql_store.h"

namespace levee::store {

Result<std::unique_ptr<Store>> SqlStore::Open(std::unique_ptr<Driver> driver, const SqlStoreOptions& options,
                                              Clock& clock) {
  LEVEE_RETURN_IF_ERROR(MigrateSchema(*driver));
  return std::unique_ptr<Store>(new SqlStore(std::move(driver), options, clock));
}

Result<std::unique_ptr<columnar::BatchStream>> SqlStore::Scan(const ScanRequest& request) {
  return OpenEntryStream(scan_context(), request);
}

Result<std::int64_t> SqlStore::Count(const ScanRequest& request) { return CountEntries(scan_context(), request); }

Result<std::vector<columnar::ColumnKey>> SqlStore::ListColumns(std::int64_t table_id) {
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  LEVEE_ASSIGN(const auto dictionary, LoadDictionary(*reader, table_id, nullptr));
  std::vector<columnar::ColumnKey> keys = dictionary->keys();
  std::erase_if(keys, [](const columnar::ColumnKey& key) { return columnar::IsIndexRole(key.role); });
  std::sort(keys.begin(), keys.end(), columnar::KeyLess);
  return keys;
}

Status SqlStore::Checkpoint() { return driver_->Checkpoint(); }

}  // namespace levee::store
