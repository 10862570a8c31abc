// The operations of a catalog, one a source file; Catalog documents them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/context.h"

namespace levee::catalog {

Result<SyncReport> AddTable(Context& context, std::string_view table, const AddOptions& options);

Result<SyncReport> SyncTable(Context& context, std::string_view table, std::optional<std::int64_t> to_version,
                             bool dry_run);

Result<std::unique_ptr<View>> OpenTable(Context& context, std::string_view table, const VersionChoice& choice);

Result<std::unique_ptr<UnionView>> OpenTables(Context& context, std::span<const std::string_view> tables,
                                              const VersionChoice& choice);

Result<std::vector<store::CommitRecord>> ListHistory(Context& context, std::string_view table,
                                                     std::optional<std::int64_t> limit);

struct ChangesRequest {
  std::int64_t from = 0;
  std::optional<std::int64_t> to;  // empty: the newest
  std::vector<columnar::ColumnKey> columns;
};
Result<std::unique_ptr<columnar::BatchStream>> ListChanges(Context& context, std::string_view table,
                                                           const ChangesRequest& request);

Result<std::vector<std::pair<store::TableRecord, store::CommitRecord>>> ListTables(Context& context);

Status ForgetTable(Context& context, std::string_view table);

Result<CheckReport> CheckTable(Context& context, std::string_view table);

// See Catalog::Warm.
std::int64_t WarmCaches(Context& context);

}  // namespace levee::catalog
