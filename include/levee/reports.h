// How tables are named and what Levee says of them besides their files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace levee {

// Which version of a table is meant; none of both: the newest, as fresh as the setting `freshness` demands.
struct VersionChoice {
  std::optional<std::int64_t> version;
  std::optional<std::int64_t> timestamp_ms;  // since the epoch: the newest commit at or before it
};

// What a sync or an import did.
struct SyncReport {
  std::string name, uri;
  std::optional<std::int64_t> from_version;  // the head before; none: not in the store
  std::int64_t to_version = -1;
  std::int64_t commits = 0;                  // applied (dry run: that would be)
  std::int64_t files = 0;                    // active after it (dry run of an import: unknown, -1)
  std::string base;                          // the checkpoint an import starts from, or empty
  bool imported = false;
  double seconds = 0;
};

// The store against a fresh replay of the log.
struct CheckReport {
  enum class Status : std::uint8_t { kEqual, kDrift, kLagging, kDiverged } status = Status::kEqual;
  std::int64_t store_version = -1, log_version = -1;
  // Paths (a sample of at most 100 each) and how many there are, compared at store_version.
  std::vector<std::string> missing, unexpected, differing;
  std::int64_t missing_count = 0, unexpected_count = 0, differing_count = 0;
  std::vector<std::string> notes;  // .crc mismatches and the like
};

// "equal", "drift", "lagging" or "diverged".
const char* CheckStatusName(CheckReport::Status status);

struct RepairOptions {
  bool dry_run = false;  // say what would be done, and do nothing
};

// What a repair found, did and could not save.
struct RepairReport {
  enum class Status : std::uint8_t {
    kSound,     // there was nothing to do
    kRepaired,  // (dry run: can be)
    kLost       // all that is left is right, but versions are lost
  } status = Status::kSound;
  std::int64_t version = -1;         // the head afterwards
  bool dry_run = false;
  std::vector<std::string> found;    // what was damaged
  std::vector<std::string> done;     // what was made right, and how
  // Versions [first, last] that neither the store nor the log has any more, ascending.
  std::vector<std::pair<std::int64_t, std::int64_t>> lost;
};

// "sound", "repaired" or "lost"; of a dry run "damaged" and "would-lose".
const char* RepairStatusName(const RepairReport& report);

// A commit as the store remembers it.
struct Commit {
  std::int64_t version = 0;
  std::int64_t timestamp_ms = 0;    // since the epoch; what time travel goes by
  std::string commit_info_json;     // the action's body as the log has it; empty: none
  // Empty for the base of an import, which stands for commits that nobody counted.
  std::optional<std::int64_t> files_added, files_removed, bytes_added;
  std::optional<std::int64_t> rows_added;  // empty too when a file has no numRecords
};

// A table that the store has.
struct TableInfo {
  std::string name;                 // empty: none
  std::string uri;
  std::int64_t version = -1;        // the store's head; -1: not imported yet
  std::int64_t files = 0, bytes = 0;
  std::optional<std::int64_t> records;  // empty when a file has no numRecords
  std::int64_t last_sync_ms = 0;    // since the epoch
};

}  // namespace levee
