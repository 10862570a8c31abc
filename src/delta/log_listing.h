// Which files of `_delta_log` make up a version.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "objectstore/object_store.h"

namespace levee::delta {

inline constexpr std::string_view kLogFolder = "_delta_log";

struct CommitFile {
  std::int64_t version = 0;
  objectstore::ObjectInfo object;
};

struct CompactedFile {
  std::int64_t first_version = 0;
  std::int64_t last_version = 0;
  objectstore::ObjectInfo object;
};

// A complete checkpoint; an incomplete multi-part one is never listed.
struct CheckpointFiles {
  enum class Kind : std::uint8_t { kClassic, kMultiPart, kV2Parquet, kV2Json };
  std::int64_t version = 0;
  Kind kind = Kind::kClassic;
  std::vector<objectstore::ObjectInfo> parts;  // in part order; one, but for multi-part

  // Names the files; unique within a listing.
  std::string Id() const;
};

struct LogListing {
  std::vector<CommitFile> commits;           // by version
  std::vector<CheckpointFiles> checkpoints;  // by version, then by how well they are liked (best last)
  std::vector<CompactedFile> compacted;
  std::vector<std::int64_t> checksums;  // versions with a .crc
  bool folder_exists = false;
};

// Lists the log from version `first_version` on (0: all). Names that are no log files are ignored.
Result<LogListing> ListLog(objectstore::ObjectStore& store, std::int64_t first_version);

// "00000000000000000042.json".
std::string CommitName(std::int64_t version);
// "_delta_log/00000000000000000042.json".
std::string CommitPath(std::int64_t version);

// What must be read to replay to `version`.
struct ReplayPlan {
  std::int64_t version = 0;
  std::optional<CheckpointFiles> checkpoint;  // the base; none: the log starts at version 0
  std::vector<CommitFile> commits;            // ascending, after the checkpoint
  std::vector<CompactedFile> compacted;       // stands for single commits that are missing; ranges do not
                                              // overlap one another nor `commits`
};

// Plans the replay to `version` (empty: the newest) from the newest checkpoint at or below it that is
// not in `unusable` (ids). kNotATable: no log; kOutOfRange: no such version, with the range that is
// there; kCorrupt: a gap, or the log's start is gone and no checkpoint stands in for it.
Result<ReplayPlan> PlanReplay(const LogListing& listing, std::optional<std::int64_t> version,
                              const std::set<std::string>& unusable);

}  // namespace levee::delta
