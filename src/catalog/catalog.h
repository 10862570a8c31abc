// Delta tables in a store: import, sync, time travel, scans, checks. What the program and the
// language bindings stand on.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "cache/cache_setup.h"
#include "columnar/batch.h"
#include "delta/actions.h"
#include "expr/predicate.h"
#include "levee/reports.h"
#include "objectstore/object_store.h"
#include "objectstore/parquet_source.h"
#include "query/cost/machine_costs.h"
#include "query/plan_report.h"
#include "store/store.h"

namespace levee::catalog {

struct Freshness {
  enum class Mode : std::uint8_t { kFresh, kBounded, kCached } mode = Mode::kFresh;
  std::int64_t bound_ms = 0;  // kBounded: ask the log at most once in this time
};

// What a long step reports; called from several threads, but never at the same time.
struct Progress {
  std::string_view step;          // "reading checkpoint", "sorting", ...
  std::int64_t done = 0;          // of `unit`
  std::int64_t total = 0;         // 0: unknown
  std::string_view unit = "files";
};

// When kept sums are brought to the head: docs/views.md.
enum class ViewRefresh : std::uint8_t { kCommit, kBackground, kDemand };

struct CatalogOptions {
  Freshness freshness;
  std::string timezone = "UTC";
  int threads = 0;                      // 0: as many as the machine has
  std::int64_t memory_limit_bytes = 0;  // 0: a quarter of the machine's
  std::int64_t batch_latency_ms = 0;    // of a transaction of a sync or import, aimed at; 0: transactions of one size
  std::string spill_folder;             // for import runs; empty: the system's
  query::RuleSet rules;                 // of the planner
  std::string planner_file;             // keeps what the planner measured and learnt; empty: nothing does
  ViewRefresh view_refresh = ViewRefresh::kBackground;
  cache::CacheSetup caches;
  std::string questions_path;           // a file that remembers what was asked; empty: none
  std::int64_t warm_ms = 500;           // how long warming goes on at most
  std::string runs_prefix;              // path that names the runs kept for a resumed import; empty: none are
  std::function<void(const Progress&)> on_progress;             // may be empty
  std::function<void(const std::string& note)> on_note;         // one line for standard error; may be empty
};

// Opens the log of a table; replaced in tests to inject faults.
using ObjectStoreOpener = std::function<Result<std::unique_ptr<objectstore::ObjectStore>>(std::string_view uri)>;
using ParquetLoader = std::function<Result<objectstore::ParquetSource*>()>;

using levee::VersionChoice;

struct AddOptions {
  std::string name;
  std::optional<std::int64_t> keep_ms;
  std::optional<std::int64_t> to_version;
  bool dry_run = false;
};

using levee::CheckReport;
using levee::RepairOptions;
using levee::RepairReport;
using levee::SyncReport;

// A table's state at a version, without its files.
struct TableState {
  store::TableRecord record;
  std::int64_t version = 0;
  store::CommitRecord commit;   // totals and time
  delta::Protocol protocol;
  delta::Metadata metadata;
  std::map<std::string, std::int64_t> transactions;  // appId -> version
  std::map<std::string, std::string> domains;        // live ones: domain -> configuration
};

// A list that a user hands over: paths with columns of their own, an inner join's other side.
struct ListedFiles {
  std::vector<std::string> paths;                    // one for each row
  std::shared_ptr<const columnar::Batch> rows;       // columns of query::ListedKey
};

// What a `files` question asks for.
struct FilesRequest {
  std::string where;                           // SQL; empty: all
  std::vector<columnar::ColumnKey> columns;    // to return
  std::optional<std::int64_t> limit;           // files
  std::vector<query::SortKey> order;           // empty: any
  std::optional<std::vector<std::string>> paths;  // only files of these paths; empty: of any
  std::vector<std::string> except;                // no file of these
  std::optional<ListedFiles> listed;              // in place of `paths`: only these, with the list's columns
  std::optional<std::int64_t> rows;            // stop when the chosen files surely hold that many matching rows
  bool use_results = true;                     // take the answer from the result cache, and keep it there
};

// What a question for sizes asks.
struct SizesRequest {
  std::string where;                   // SQL; empty: all
  std::vector<query::SortKey> groups;  // none: all files together
};

// What a row of View::Sizes says.
store::FileSums SumsOf(const columnar::Batch& sizes, std::size_t row);

// How an answer was found, for `--explain`.
struct Explanation {
  std::string predicate;        // normalised; of several tables, which read it differently, each behind its name
  std::int64_t version = 0;     // below zero: of several tables
  bool from_summary = false;    // no entry was looked at
  bool from_results = false;    // an equal question was answered before; the plan's actual numbers are empty
  query::PlanReport plan;
  query::PlanningReport planning;
  std::optional<query::MachineCosts> costs;  // where a choice was made by them
  store::ScanCounters counters;
  std::int64_t sync_ns = 0, bind_ns = 0, scan_ns = 0;
};

// Why a file is kept or dropped.
struct WhyReport {
  std::string path;
  bool kept = true;
  std::string decided_by;  // the part of the predicate, as SQL
  std::string bound;       // e.g. "max(id) = 12"
};

// What the files of a version come to.
struct TableSummary {
  std::int64_t files = 0, bytes = 0;
  std::optional<std::int64_t> records;        // empty: a file does not say
  std::vector<store::ColumnSummary> columns;  // every leaf that may have statistics, in the schema's order
};

// A table pinned at a version. Immutable; safe to use from several threads.
class View {
 public:
  virtual ~View() = default;
  virtual const TableState& state() const = 0;
  // Every column that an entry may have at this version.
  virtual Result<std::vector<columnar::ColumnKey>> Columns() const = 0;
  // The same as the store has them: a column that was widened once for each type that it was kept as,
  // narrower ones first. What delta::RenderStats needs to give back the log's own statistics.
  virtual Result<std::vector<columnar::ColumnKey>> StoredColumns() const = 0;
  // The key of the statistics of a column named by the user ("a.b"), for `min.a.b` and the like.
  virtual Result<columnar::ColumnKey> StatisticsColumn(columnar::ColumnRole role, std::string_view name) const = 0;
  virtual Result<std::unique_ptr<columnar::BatchStream>> Files(const FilesRequest& request,
                                                               Explanation* explanation) const = 0;
  virtual Result<std::int64_t> Count(const FilesRequest& request, Explanation* explanation) const = 0;
  // Counts, nulls and bounds by column, without reading entries where zone maps tell.
  virtual Result<TableSummary> Summary() const = 0;
  // Files, bytes and records by the values of the groups: a row for each, in their order, with the groups' columns and
  // what SumsOf reads.
  virtual Result<std::unique_ptr<columnar::BatchStream>> Sizes(const SizesRequest& request,
                                                               Explanation* explanation) const = 0;
  virtual Result<WhyReport> Why(std::string_view path, std::string_view where) const = 0;
};

// What is asked of several tables at once.
struct UnionRequest {
  // `columns` and `order` are as the answer has them, query::UnionLabelKey() among them; no `rows`.
  FilesRequest files;
  // By table: its own column for each of the answer's, but for the label, and for each that the order needs.
  std::vector<std::vector<query::UnitedColumn>> columns;
};

// Several tables, each pinned at a version, asked as one: the rows of all, those of the first first. Immutable; safe
// to use from several threads.
class UnionView {
 public:
  virtual ~UnionView() = default;
  // In the order in which they were named.
  virtual const std::vector<std::unique_ptr<View>>& tables() const = 0;
  // An error of one table's begins with the name that it was opened by.
  virtual Result<std::unique_ptr<columnar::BatchStream>> Files(const UnionRequest& request,
                                                               Explanation* explanation) const = 0;
  virtual Result<std::int64_t> Count(const UnionRequest& request, Explanation* explanation) const = 0;
};

// Thread-safe. Everything may also end with kCancelled (CancellationScope of base/cancellation.h, in the calling thread)
// and kResourceExhausted (docs/memory.md); no exception for want of memory passes.
class Catalog {
 public:
  virtual ~Catalog() = default;

  // `table` everywhere: a registered name, a path or a URI.
  virtual Result<SyncReport> Add(std::string_view table, const AddOptions& options) = 0;
  // Brings the store up to the log, or to `to_version`. Imports a table that is not known.
  virtual Result<SyncReport> Sync(std::string_view table, std::optional<std::int64_t> to_version, bool dry_run) = 0;
  // Pins a table at a version: syncs first as the freshness demands, imports on first use, fills older
  // versions in. kOutOfRange gives the range that is there.
  virtual Result<std::unique_ptr<View>> Open(std::string_view table, const VersionChoice& choice) = 0;
  // The same of several tables, for questions to all of them. Labels of rows are the names that are given here.
  virtual Result<std::unique_ptr<UnionView>> OpenUnion(std::span<const std::string_view> tables,
                                                       const VersionChoice& choice) = 0;
  // Commits newest first.
  virtual Result<std::vector<store::CommitRecord>> History(std::string_view table, std::optional<std::int64_t> limit) = 0;
  // Entries that commits from+1 .. to (empty: the newest) began or ended, and their removes that met no entry
  // (no kAddedVersion). Where kRemoveDataChange is null, an add of the same key ended the entry, not a remove.
  virtual Result<std::unique_ptr<columnar::BatchStream>> Changes(std::string_view table, std::int64_t from,
                                                                 std::optional<std::int64_t> to,
                                                                 const std::vector<columnar::ColumnKey>& columns) = 0;
  virtual Result<std::vector<std::pair<store::TableRecord, store::CommitRecord>>> Tables() = 0;
  virtual Status Forget(std::string_view table) = 0;
  virtual Result<CheckReport> Check(std::string_view table) = 0;
  // Makes what checksums or Check condemn right again from the log, keeping what only the store has.
  virtual Result<RepairReport> Repair(std::string_view table, const RepairOptions& options) = 0;
  virtual store::Store& store() = 0;
  // The catalog's own caches in this process; the store's stand in Store::Info.
  virtual std::vector<cache::CacheUse> Caches() = 0;
  // Asks what earlier processes asked most, and what they asked after that, so that the caches know it; of tables
  // as the store has them, within `warm_ms`. Returns how many questions were asked. What fails is left out.
  virtual std::int64_t Warm() = 0;
};

// `store` must outlive the catalog.
std::unique_ptr<Catalog> MakeCatalog(store::Store& store, CatalogOptions options, ObjectStoreOpener open_objects,
                                     ParquetLoader load_parquet, Clock& clock);

}  // namespace levee::catalog
