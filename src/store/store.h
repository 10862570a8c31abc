// The semantic interface of a store: what Levee keeps, in no database's words.
//
// A table's entries live in ranges. The main range starts at the version of the import (its floor) and
// grows by commits; older ranges are filled in on demand. Within a range an entry lives in
// [added, removed), where a null added means "at or below the range's first version". A reader sees a
// version whole or not at all. Implementations: store/sqlite (later postgres, duckdb) over store/sql.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cache/cache_counters.h"
#include "columnar/batch.h"
#include "expr/skipping.h"
#include "store/bank.h"
#include "store/repair.h"
#include "store/statistics.h"
#include "store/summary.h"

namespace levee::store {

// What identifies a commit file, to notice a rewritten log.
struct CommitFingerprint {
  std::string etag;                // of the object store
  std::uint64_t content_hash = 0;  // Hash64 of its bytes

  friend bool operator==(const CommitFingerprint&, const CommitFingerprint&) = default;
};

// One commit as the store remembers it, with the table's totals after it.
struct CommitRecord {
  std::int64_t version = 0;
  std::int64_t timestamp_ms = 0;   // what time travel goes by
  CommitFingerprint fingerprint;   // empty for the base of a range that is a checkpoint without its commit
  std::string commit_info_json;    // empty: none
  std::int64_t files_added = 0, files_removed = 0, bytes_added = 0;
  std::optional<std::int64_t> rows_added;   // null when a file has no numRecords
  std::int64_t num_files = 0, size_bytes = 0;
  std::optional<std::int64_t> num_records;  // null when a live file has no numRecords
  // timestamp_ms, made at least 1 ms later than that of the commit known before it; filled in by the store.
  std::int64_t adjusted_ms = 0;
  bool is_base = false;            // state came from a checkpoint: added/removed counts are unknown
};

// A protocol, metaData, txn or domainMetadata action; `kind` is delta::StateKind's number.
struct StateRecord {
  std::uint8_t kind = 0;
  std::string key;
  std::int64_t version = 0;
  std::string json;
};

struct TableRecord {
  std::int64_t id = 0;
  std::string name;                  // empty: none
  std::string uri;
  std::int64_t incarnation = 0;      // never reused: a table forgotten and added again differs
  std::int64_t head_version = -1;    // -1: nothing published yet
  std::int64_t layout_generation = 0;
  std::int64_t floor_version = 0;    // first version of the main range
  std::int64_t last_sync_ms = 0;
  std::optional<std::int64_t> keep_ms;  // --keep; none: for ever
};

// What changes with every publish; read before each answer.
struct Head {
  std::int64_t incarnation = 0;
  std::int64_t version = -1;
  std::int64_t layout_generation = 0;
  std::int64_t last_sync_ms = 0;
  CommitFingerprint fingerprint;     // of the head's commit

  friend bool operator==(const Head&, const Head&) = default;
};

// One commit to apply on top of the head: its removes end live entries of equal key, its adds begin
// new ones (and end a live entry of equal key at this version).
struct CommitDelta {
  CommitRecord record;               // totals are filled in by the store
  std::vector<StateRecord> state;
  columnar::Batch adds;              // as delta::EntryBatchBuilder builds it
  columnar::Batch removes;           // as delta::RemovesToBatch builds it
};

// What a publish left behind.
struct Published {
  Head head;            // as it stands now
  CommitRecord record;  // the last commit, with the totals after it
};

struct RangeSpec {
  std::int64_t first_version = 0;    // the state known without any commit: a checkpoint's version, or 0
  std::int64_t last_version = 0;     // the newest commit replayed
  bool main = true;                  // false: an older range, filled in on demand
  std::int64_t batch_latency_ms = 0; // of a transaction, aimed at; 0: transactions of one size
  // What the range takes the place of. Its longest readable span below this range's first version stays, as an older
  // range; commits are written anew. Nothing is published when the damaged range has changed meanwhile.
  std::optional<RangeDamage> replaces;
};

// An import under way. Entries become visible all at once at Publish. Destroying it without Publish
// leaves the staged part for a resumed import or for clean-up.
class ImportSession {
 public:
  virtual ~ImportSession() = default;
  // Sorted entries, with kKeyHash, kAddedVersion and kRemovedVersion (null: alive at last_version).
  // `history` batches hold ended entries only. At most 65,536 rows each. Thread-safe: encoding runs in
  // the caller's thread, writing is serialised.
  virtual Status AddEntries(const columnar::Batch& batch, bool history) = 0;
  // Remove actions without an entry of their own in this range.
  virtual Status AddTombstones(const columnar::Batch& batch) = 0;
  // Makes the range visible; `commits` first..last in order. For the main range it sets the head.
  virtual Status Publish(const std::vector<CommitRecord>& commits, const std::vector<StateRecord>& state) = 0;
};

// Which entries of a table a scan sees.
struct EntryFilter {
  enum class Kind : std::uint8_t {
    kAlive,       // added <= version < removed
    kChangedIn,   // added or removed in (after_version, version]
  } kind = Kind::kAlive;
  std::int64_t version = 0;
  std::int64_t after_version = 0;
};

// What a scan did, for `--explain --analyze`. Sizes in bytes, times in nanoseconds.
struct ScanCounters {
  std::int64_t segments = 0, segments_skipped = 0;
  std::int64_t blocks = 0, blocks_skipped = 0;
  std::int64_t entries_evaluated = 0, entries_selected = 0;
  std::int64_t tail_entries = 0;
  std::int64_t bytes_read = 0, column_blocks_decoded = 0, cache_hits = 0;
  std::int64_t column_blocks_encoded = 0;  // a predicate was evaluated on as they are stored
  // Segments answered through a column's index, blocks of it that were read, entries that it named. The segments'
  // own blocks count as skipped then.
  std::int64_t index_segments = 0, index_blocks = 0, index_entries = 0;
  std::int64_t zone_ns = 0, evaluate_ns = 0, fetch_ns = 0;

  // Adds what a part of the scan did.
  void Add(const ScanCounters& part);
};

// Asks for the newest commit of [first_version, last_version] at or before a time. Times ascend by version:
// adjusted ones do, in-commit timestamps do by the protocol.
struct TimeRequest {
  std::int64_t table_id = 0;
  std::int64_t first_version = 0, last_version = 0;
  std::int64_t time_ms = 0;
  bool adjusted = true;  // by adjusted_ms; false: by timestamp_ms
};

// How a scan finds what its predicate may want in stored segments. The answer is the same for all.
enum class Access : std::uint8_t {
  kAuto,   // segment by segment an index, where its blocks promise less work than what the zone maps leave
  kZones,  // zone maps alone
  kIndex,  // an index wherever a segment has one that the predicate can use
};

// Asks for the entries alive at a version that have one of the given paths.
struct PathRequest {
  std::int64_t table_id = 0;
  std::int64_t version = 0;
  std::vector<std::string> paths;            // canonical, each once
  std::vector<columnar::ColumnKey> columns;  // to return
  ScanCounters* counters = nullptr;
};

struct ScanRequest {
  std::int64_t table_id = 0;
  EntryFilter filter;
  const expr::SkippingNode* predicate = nullptr;  // null: all
  std::string_view timezone = "UTC";              // for partition values of type timestamp
  std::vector<columnar::ColumnKey> columns;       // what to return, in this order; may be empty
  std::optional<std::int64_t> limit;              // stop after that many entries
  ScanCounters* counters = nullptr;
  // CountFromSummary: so many rows of sums are read at most; empty: 4,096, or a quarter of the entries.
  std::optional<std::int64_t> summary_rows_max;
  Access access = Access::kAuto;
};

// The sorted index of a column: entries in the order of their lower bounds, kept by segment, for columns that the
// order of segments scatters. It serves comparisons with literals, IN lists and LIKE on that column alone, whether
// they are the whole predicate or one of the terms that AND joins.
struct ColumnIndex {
  columnar::ColumnKey column;   // kMin; the type is that of the stored bounds
  std::int64_t segments = 0;    // of the newest layout that it covers; the rest is found by zone maps
  std::int64_t entries = 0;     // in these
  std::int64_t size_bytes = 0;
};

// Thread-safe, unless a comment says otherwise. Errors: kUnavailable when the store is locked longer
// than the busy budget, kIo (full disk, read-only), kCorrupt names the blob.
class Store {
 public:
  virtual ~Store() = default;

  // The memory bank's part of the store; lives as long.
  virtual BankStore& bank() = 0;

  // --- tables -------------------------------------------------------------------------------
  virtual Result<std::optional<TableRecord>> FindTableByUri(std::string_view uri) = 0;
  virtual Result<std::optional<TableRecord>> FindTableByName(std::string_view name) = 0;
  virtual Result<std::vector<TableRecord>> ListTables() = 0;
  // kAlreadyExists when the URI or the name is taken.
  virtual Result<TableRecord> CreateTable(std::string_view uri, std::string_view name,
                                          std::optional<std::int64_t> keep_ms) = 0;
  virtual Status SetTableOptions(std::int64_t table_id, std::optional<std::string> name,
                                 std::optional<std::int64_t> keep_ms) = 0;
  virtual Status ForgetTable(std::int64_t table_id) = 0;

  // --- writing ------------------------------------------------------------------------------
  virtual Result<std::unique_ptr<ImportSession>> BeginImport(std::int64_t table_id, const RangeSpec& range) = 0;
  // Applies commits head+1, head+2, ... (at least one) in one transaction. Empty: somebody else was first; look
  // again.
  virtual Result<std::optional<Published>> PublishCommits(std::int64_t table_id, const Head& expected,
                                                          std::vector<CommitDelta> commits) = 0;
  // Records that the log was asked and nothing was new; may be skipped when the store is busy.
  virtual Status TouchSync(std::int64_t table_id, std::int64_t now_ms) = 0;
  // Replaces the head's fingerprint (a copied log with equal content).
  virtual Status SetFingerprint(std::int64_t table_id, std::int64_t version, const CommitFingerprint& fingerprint) = 0;
  // Merges the tail into segments and moves ended entries to history when that pays; returns whether
  // anything changed. Builds outside the write lock and publishes by compare-and-set.
  virtual Result<bool> Compact(std::int64_t table_id, bool force) = 0;

  // --- reading ------------------------------------------------------------------------------
  virtual Result<std::optional<Head>> ReadHead(std::int64_t table_id) = 0;
  // True when entries at `version` can be read from the store.
  virtual Result<bool> HasVersion(std::int64_t table_id, std::int64_t version) = 0;
  // The ranges of versions that are there, ascending, as [first, last]. They may touch and overlap: what changed
  // between two versions is known where one range has both.
  virtual Result<std::vector<std::pair<std::int64_t, std::int64_t>>> VersionRanges(std::int64_t table_id) = 0;
  // Newest action of each kind and key at or below `version`.
  virtual Result<std::vector<StateRecord>> ReadState(std::int64_t table_id, std::int64_t version) = 0;
  // Newest first, versions in [first, last].
  virtual Result<std::vector<CommitRecord>> ReadCommits(std::int64_t table_id, std::int64_t first,
                                                        std::int64_t last, std::int64_t limit) = 0;
  // The version of the commit that is asked for; empty when every one is later. Reads a logarithmic number of
  // rows.
  virtual Result<std::optional<std::int64_t>> FindCommitByTime(const TimeRequest& request) = 0;
  virtual Result<std::unique_ptr<columnar::BatchStream>> Scan(const ScanRequest& request) = 0;
  // By the keys of entries, without a scan. Empty: only a scan can tell, since entries have deletion vectors (which
  // are part of their keys), or the version is not the newest of its range.
  virtual Result<std::optional<columnar::Batch>> FindByPath(const PathRequest& request) = 0;
  // How many entries Scan would return, without fetching any column that only output needs.
  virtual Result<std::int64_t> Count(const ScanRequest& request) = 0;
  // The entries alive at `version` by partition. Reads what was summed up before and the commits since; only a
  // range that has no such sums is scanned, once. Cost follows the number of partitions.
  virtual Result<std::shared_ptr<const PartitionSummary>> SummarisePartitions(std::int64_t table_id,
                                                                              std::int64_t version) = 0;
  // Count, of a kAlive request whose predicate (if any) names partition columns alone, from the summary. Empty:
  // the summary is no cheaper than the scan, or there is none.
  virtual Result<std::optional<std::int64_t>> CountFromSummary(const ScanRequest& request) = 0;
  // Where the sums by partition stand that are kept. kNotFound: no such table, or its import never ended.
  virtual Result<ViewState> ReadViewState(std::int64_t table_id) = 0;
  // Brings them to the head when they are at least `commits_behind` commits below it or are not there: by adding
  // changes, or anew where that looks at fewer entries.
  virtual Result<Refreshed> RefreshViews(std::int64_t table_id, std::int64_t commits_behind) = 0;
  // What the statistics of the entries alive at `version` say of `columns` (kMin keys; of partition
  // columns kPartitionValue ones, not of type timestamp), in their order. Zone maps answer where no entry of a
  // block has ended.
  virtual Result<std::vector<ColumnSummary>> SummariseColumns(std::int64_t table_id, std::int64_t version,
                                                              const std::vector<columnar::ColumnKey>& columns) = 0;
  // The indexes of the main range, sorted by columnar::KeyLess; empty when nothing is published.
  virtual Result<std::vector<ColumnIndex>> ColumnIndexes(std::int64_t table_id) = 0;
  // Of each column (kMin; of partition columns kPartitionValue or kPartition), in their order, what the main range's
  // segments keep for estimates.
  virtual Result<std::vector<ColumnStatistics>> ReadStatistics(std::int64_t table_id,
                                                               const std::vector<columnar::ColumnKey>& columns) = 0;
  // Every column that an entry of the table has, sorted by columnar::KeyLess.
  virtual Result<std::vector<columnar::ColumnKey>> ListColumns(std::int64_t table_id) = 0;
  // Of the remove actions in a kChangedIn window those that met no entry: the requested columns as far as
  // RemovesToBatch has them, and kRemovedVersion, the commit's. Predicate and limit are not looked at.
  virtual Result<std::unique_ptr<columnar::BatchStream>> ReadLoneRemoves(const ScanRequest& request) = 0;
  // Tombstones at `version`, as RemovesToBatch has them.
  virtual Result<std::unique_ptr<columnar::BatchStream>> ReadTombstones(std::int64_t table_id, std::int64_t version) = 0;

  // --- the store itself -----------------------------------------------------------------------
  struct Info {
    std::string uri;
    std::int64_t schema_version = 0, size_bytes = 0, tables = 0;
    std::int64_t views_behind = 0;  // tables whose kept sums do not stand at the head
    std::int64_t active_bytes = 0, history_bytes = 0;  // of entry data
    // Of this process.
    std::vector<cache::CacheUse> caches;
    std::int64_t connections_open = 0, connections_in_use = 0;  // the writer's among them
  };
  virtual Result<Info> ReadInfo() = 0;
  // Verifies every checksum; the result names what is damaged.
  virtual Result<std::vector<std::string>> Verify(std::int64_t table_id) = 0;

  // --- repair: docs/repair.md -----------------------------------------------------------------
  // Looks at every blob of the table, and whether its records agree with each other. kNotFound: no such table.
  virtual Result<TableDamage> Examine(std::int64_t table_id) = 0;
  // Sets the table's row right by its ranges and commits, as far as these agree.
  virtual Status MendRecord(std::int64_t table_id) = 0;
  // Makes what is derived in a range anew from the rest. False: the layout changed meanwhile; look again.
  virtual Result<bool> RebuildDerived(std::int64_t table_id, const RangeDamage& damage) = 0;
  // Leaves of an older range its versions `kept` (empty: none), without its damaged segments. False as above.
  virtual Result<bool> CutRange(std::int64_t table_id, const RangeDamage& damage, VersionInterval kept) = 0;
  // Takes every range and column away: the table is as one that was never imported, under its name.
  virtual Status EmptyTable(std::int64_t table_id) = 0;
  // Truncates the write-ahead log, when nobody is in the way.
  virtual Status Checkpoint() = 0;
};

}  // namespace levee::store
