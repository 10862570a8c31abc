#include "store/sql/migrations.h"

#include <string>

namespace levee::store {
namespace {

// Step i takes a store from version i to i + 1. Steps are never edited once released.
constexpr const char* kSteps[] = {
    R"sql(
CREATE TABLE tables(
  table_id INTEGER PRIMARY KEY AUTOINCREMENT,
  uri TEXT NOT NULL UNIQUE,
  name TEXT UNIQUE,
  head_version INTEGER NOT NULL DEFAULT -1,
  layout_generation INTEGER NOT NULL DEFAULT 0,
  floor_version INTEGER NOT NULL DEFAULT 0,
  main_range INTEGER NOT NULL DEFAULT 0,
  last_sync_ms INTEGER NOT NULL DEFAULT 0,
  keep_ms INTEGER,
  head_etag TEXT NOT NULL DEFAULT '',
  head_hash INTEGER NOT NULL DEFAULT 0);
CREATE TABLE ranges(
  range_id INTEGER PRIMARY KEY AUTOINCREMENT,
  table_id INTEGER NOT NULL,
  first_version INTEGER NOT NULL,
  last_version INTEGER NOT NULL,
  is_main INTEGER NOT NULL,
  published INTEGER NOT NULL DEFAULT 0,
  owner TEXT NOT NULL DEFAULT '',
  touched_ms INTEGER NOT NULL DEFAULT 0);
CREATE INDEX ranges_by_table ON ranges(table_id);
CREATE TABLE dictionary(
  table_id INTEGER NOT NULL,
  first_column INTEGER NOT NULL,
  keys BLOB NOT NULL,
  PRIMARY KEY(table_id, first_column));
CREATE TABLE segments(
  segment_id INTEGER PRIMARY KEY AUTOINCREMENT,
  range_id INTEGER NOT NULL,
  state INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  format INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  min_added INTEGER NOT NULL,
  max_added INTEGER NOT NULL,
  min_removed INTEGER NOT NULL,
  max_removed INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  dropped_ms INTEGER NOT NULL DEFAULT 0,
  body BLOB NOT NULL);
CREATE INDEX segments_by_range ON segments(range_id, state);
CREATE TABLE chunks(
  chunk_id INTEGER PRIMARY KEY,
  data BLOB NOT NULL);
CREATE TABLE commits(
  table_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  timestamp_ms INTEGER NOT NULL,
  etag TEXT NOT NULL,
  content_hash INTEGER NOT NULL,
  commit_info TEXT NOT NULL,
  files_added INTEGER NOT NULL,
  files_removed INTEGER NOT NULL,
  bytes_added INTEGER NOT NULL,
  rows_added INTEGER,
  num_files INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  num_records INTEGER,
  is_base INTEGER NOT NULL,
  known_records INTEGER,
  files_without_records INTEGER,
  PRIMARY KEY(table_id, version)) WITHOUT ROWID;
CREATE TABLE state_actions(
  range_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY(range_id, kind, key, version)) WITHOUT ROWID;
)sql",
    // Version 2: partition sums, which ranges of version 1 get when they are first asked for or compacted, and
    // commit times made monotone: the n-th commit's is n more than the greatest of each earlier one's less its n.
    R"sql(
ALTER TABLE ranges ADD COLUMN summary_version INTEGER;
CREATE TABLE partition_runs(
  run_id INTEGER PRIMARY KEY AUTOINCREMENT,
  range_id INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  body BLOB NOT NULL);
CREATE INDEX partition_runs_by_range ON partition_runs(range_id);
ALTER TABLE commits ADD COLUMN adjusted_ms INTEGER NOT NULL DEFAULT 0;
UPDATE commits SET adjusted_ms = monotone.ms FROM (
  SELECT table_id, version, n + max(timestamp_ms - n) OVER (PARTITION BY table_id ORDER BY version) AS ms
  FROM (SELECT table_id, version, timestamp_ms, row_number() OVER (PARTITION BY table_id ORDER BY version) AS n
        FROM commits) AS numbered) AS monotone
  WHERE commits.table_id = monotone.table_id AND commits.version = monotone.version;
)sql",
    // Version 3: segments may have columns that are sorted indexes (roles 50 to 52). A program that does not know
    // them would take them for columns of entries when it compacts.
    "",
    // Version 4: the memory bank, docs/formats/memory.md.
    R"sql(
CREATE TABLE bank_layout(
  generation INTEGER NOT NULL,
  merged_position INTEGER NOT NULL);
INSERT INTO bank_layout VALUES(1, 0);
CREATE TABLE bank_batches(
  batch_id INTEGER PRIMARY KEY,
  body BLOB NOT NULL);
CREATE TABLE bank_segments(
  segment_id INTEGER PRIMARY KEY AUTOINCREMENT,
  directory BLOB NOT NULL,
  ended BLOB NOT NULL);
CREATE TABLE bank_chunks(
  chunk_id INTEGER PRIMARY KEY AUTOINCREMENT,
  data BLOB NOT NULL);
CREATE TABLE bank_notes(
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE bank_staging(
  staging_id INTEGER PRIMARY KEY AUTOINCREMENT,
  touched_ms INTEGER NOT NULL);
CREATE TABLE bank_staged(
  first_chunk INTEGER PRIMARY KEY,
  last_chunk INTEGER NOT NULL,
  staging_id INTEGER NOT NULL);
CREATE TABLE bank_dropped(
  dropped_id INTEGER PRIMARY KEY,
  dropped_ms INTEGER NOT NULL,
  chunks BLOB NOT NULL);
)sql",
};
static_assert(std::size(kSteps) == kSchemaVersion);

std::unexpected<Error> Newer(const Driver& driver, std::int64_t version) {
  return Fail(ErrorCode::kUnsupported, "store " + driver.uri(),
              "its schema has version " + std::to_string(version) + ", this program knows versions up to " +
                  std::to_string(kSchemaVersion),
              "use a newer levee");
}

}  // namespace

Status MigrateSchema(Driver& driver) {
  {
    LEVEE_ASSIGN(const Lease reader, driver.Reader());
    // In one snapshot: a new store that another process makes meanwhile would look like somebody else's database.
    LEVEE_ASSIGN(const Transaction snapshot, Transaction::Begin(*reader, TransactionMode::kRead));
    LEVEE_ASSIGN(const std::int64_t version, reader->SchemaVersion());
    if (version == kSchemaVersion) return {};
    if (version > kSchemaVersion) return Newer(driver, version);
    if (driver.read_only()) {
      return Fail(ErrorCode::kUnsupported, "store " + driver.uri(),
                  "its schema has version " + std::to_string(version) + " and it is read-only",
                  "open it once for writing, to upgrade it to version " + std::to_string(kSchemaVersion));
    }
  }
  LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kDurable));
  while (true) {
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    // Another process may have been first.
    LEVEE_ASSIGN(const std::int64_t version, writer->SchemaVersion());
    if (version == kSchemaVersion) return {};
    if (version > kSchemaVersion) return Newer(driver, version);
    LEVEE_RETURN_IF_ERROR(writer->RunScript(kSteps[version]));
    LEVEE_RETURN_IF_ERROR(writer->SetSchemaVersion(version + 1));
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
  }
}

}  // namespace levee::store
