#include "store/open/open.h"

#include <filesystem>
#include <string>

#include "store/sql/sql_store.h"
#include "store/sqlite/sqlite_driver.h"

namespace levee::store {
namespace {

std::string_view AfterScheme(std::string_view uri, std::string_view scheme) {
  return uri.starts_with(scheme) ? uri.substr(scheme.size()) : std::string_view();
}

Status MakeFolder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return Fail(ErrorCode::kIo, "store " + path, "its folder cannot be made: " + error.message(),
                "check the rights, or name another file");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> OpenStore(std::string_view uri, const OpenOptions& options) {
  // The rest of such a URI may hold a password, so that only its kind is told.
  for (const std::string_view kind : {"postgresql", "postgres", "duckdb"}) {
    if (uri.starts_with(std::string(kind) + ":")) {
      return Fail(ErrorCode::kUnsupported, "store " + std::string(kind) + ":", "this back end is not built in",
                  "use sqlite:PATH");
    }
  }
  std::string path(AfterScheme(uri, "sqlite:"));
  if (path.empty()) path = uri;
  if (path.empty()) return Fail(ErrorCode::kInvalidArgument, "store", "its URI is empty", "use sqlite:PATH");
  if (options.create && !options.read_only) LEVEE_RETURN_IF_ERROR(MakeFolder(path));
  SqliteOptions sqlite;
  sqlite.create = options.create;
  sqlite.read_only = options.read_only;
  sqlite.busy_timeout_ms = options.busy_timeout_ms;
  sqlite.tuning = options.tuning;
  LEVEE_ASSIGN(auto driver, OpenSqlite(path, sqlite));
  SqlStoreOptions store;
  store.cache_bytes = static_cast<std::size_t>(options.cache_bytes);
  store.key_indexes = options.key_indexes;
  store.encoded_evaluation = options.encoded_evaluation;
  store.index_everything = options.index_everything;
  store.caches = options.caches;
  return SqlStore::Open(std::move(driver), store, SystemClock());
}

}  // namespace levee::store
