// Levee in a program of your own: open a store, open a table in it, ask which files a query must read.
//
//   auto store = levee::OpenStore({});
//   auto table = (*store)->OpenTable("s3://lake/orders", {});
//   auto files = (*table)->Files({.where = "date = DATE '2024-01-31' AND id < 1000", .columns = {{"path", "size"}}});
//
// Everything that may fail returns Result or Status (levee/status.h). Predicates are SQL over the table's columns.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "levee/arrow_stream.h"
#include "levee/reports.h"
#include "levee/status.h"

namespace levee {

struct StoreOptions {
  // "sqlite:PATH", a path, or "deltasql://sqlite/PATH"; empty: LEVEE_STORE, the configuration file, or levee/levee.db in
  // the user's data folder. A store that is not there is made.
  std::string uri;
  // By the keys of docs/configuration.md, as texts: {"freshness", "cached"}. They win over environment and file.
  std::map<std::string, std::string> settings;
  std::string config_file;  // empty: looked for as the program does
  bool read_only = false;
  // Hears what the program would write to standard error; from any thread, never two at once. May be empty.
  std::function<void(const std::string& note)> on_note;
};

// Which files are asked for, and what of them.
struct FilesQuery {
  std::string where;  // leaves out files that hold no row for which it is TRUE; empty: all files
  // Fields by name: "path", "size", "partitionValues", "modificationTime", "numRecords", "deletionVector", "stats",
  // "tags", "baseRowId", "defaultRowCommitVersion", "addedVersion", "min.C", "max.C", "nulls.C". None: every field, the
  // statistics as columns min.C, max.C and nulls.C.
  std::optional<std::vector<std::string>> columns;
  std::string order;                               // "size desc, path"; empty: any
  std::optional<std::int64_t> limit;               // files
  std::optional<std::int64_t> rows;                // stop when the files surely hold that many matching rows
  std::optional<std::vector<std::string>> paths;   // only files of these paths
  std::vector<std::string> except;                 // no file of these
};

enum class ExplainFormat : std::uint8_t { kText, kJson, kSvg };

// Rows of a data file, from 0, both ends among them.
struct RowRange {
  std::uint64_t first = 0, last = 0;

  friend bool operator==(const RowRange&, const RowRange&) = default;
};

// A deletion vector as a file's entry has it.
struct DeletionVector {
  std::string storage_type;      // "u", "i" or "p"
  std::string path_or_inline;
  std::optional<std::int64_t> offset;
  std::int64_t size_bytes = 0;
  std::int64_t cardinality = 0;  // rows that it marks
};

// A table pinned at a version. Immutable, thread-safe. It and its streams may outlive the Store object.
class Table {
 public:
  virtual ~Table() = default;

  virtual std::int64_t version() const = 0;
  virtual std::int64_t timestamp_ms() const = 0;  // of that version's commit, since the epoch
  virtual const std::string& uri() const = 0;     // canonical, without a slash at its end
  virtual const std::string& name() const = 0;    // as registered; empty: none
  // The schema as the log has it: the JSON of a Delta struct. Empty where a table's metaData has none.
  virtual const std::string& schema_json() const = 0;
  virtual const std::vector<std::string>& partition_columns() const = 0;
  // What `levee show --format json` prints: protocol, metadata, properties, counts, transactions, domains.
  virtual std::string DescribeJson() const = 0;

  // A struct array a batch, a column a field: path and the like utf8, partitionValues map<utf8, utf8>, statistics with the
  // types of their columns, deletionVector five columns "deletionVector.storageType" and so on.
  virtual Result<ArrowStream> Files(const FilesQuery& query) const = 0;
  virtual Result<std::int64_t> Count(const FilesQuery& query) const = 0;
  // How the answer is found; with `analyze` with times.
  virtual Result<std::string> Explain(const FilesQuery& query, ExplainFormat format, bool analyze) const = 0;
  // The rows that a deletion vector marks, ascending.
  virtual Result<std::vector<RowRange>> DeletedRows(const DeletionVector& vector) const = 0;
  // Which rows of a data file of `rows` rows a deletion vector leaves: a bit a row, the lowest of a byte first.
  virtual Result<std::vector<std::uint8_t>> KeptRows(const DeletionVector& vector, std::uint64_t rows) const = 0;
};

// An open store. Thread-safe. Tables are called by a registered name, a path or a URI; one that is not known yet is
// imported when it is first asked for.
class Store {
 public:
  virtual ~Store() = default;

  virtual const std::string& uri() const = 0;
  virtual Result<std::unique_ptr<Table>> OpenTable(std::string_view table, const VersionChoice& choice) = 0;
  virtual Result<SyncReport> Sync(std::string_view table) = 0;
  virtual Result<CheckReport> Check(std::string_view table) = 0;
  // Makes what checksums or Check condemn right again from the table's log; what only the store has stays as far as it is
  // sound. kDiverged: the log is another table's now.
  virtual Result<RepairReport> Repair(std::string_view table, const RepairOptions& options) = 0;
  // Newest first; `limit` commits at most.
  virtual Result<std::vector<Commit>> History(std::string_view table, std::optional<std::int64_t> limit) = 0;
  // Files added and removed by commits from+1 to `to` (none: the newest): fields "change" ("add" or "remove"),
  // "version", "dataChange", and those of `columns` as Files has them.
  virtual Result<ArrowStream> Changes(std::string_view table, std::int64_t from, std::optional<std::int64_t> to,
                                      const std::optional<std::vector<std::string>>& columns) = 0;
  // Registers a table under a name.
  virtual Result<SyncReport> Add(std::string_view table, std::string_view name) = 0;
  virtual Result<std::vector<TableInfo>> Tables() = 0;
  virtual Status Forget(std::string_view table) = 0;
};

// kInvalidArgument names a setting that is unknown or wrong; kUnsupported a database that is not built in.
Result<std::unique_ptr<Store>> OpenStore(StoreOptions options);

}  // namespace levee
