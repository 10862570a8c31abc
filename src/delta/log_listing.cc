#include "delta/log_listing.h"

#include <algorithm>
#include <map>

#include "delta/log_names.h"

namespace levee::delta {
namespace {

// Single-file kinds are liked least; V2 parquet, which splits its adds and needs no JSON, most.
int Rank(CheckpointFiles::Kind kind) {
  switch (kind) {
    case CheckpointFiles::Kind::kClassic: return 0;
    case CheckpointFiles::Kind::kMultiPart: return 1;
    case CheckpointFiles::Kind::kV2Json: return 2;
    case CheckpointFiles::Kind::kV2Parquet: return 3;
  }
  return 0;
}

using PartsByCheckpoint =
    std::map<std::pair<std::int64_t, std::int64_t>, std::map<std::int64_t, objectstore::ObjectInfo>>;

// Keeps the multi-part checkpoints of which every part is there.
void AddCompleteMultiPart(PartsByCheckpoint parts_of, LogListing& listing) {
  for (auto& [version_and_count, parts] : parts_of) {
    if (static_cast<std::int64_t>(parts.size()) != version_and_count.second) continue;
    CheckpointFiles checkpoint{version_and_count.first, CheckpointFiles::Kind::kMultiPart, {}};
    for (auto& [number, object] : parts) checkpoint.parts.push_back(std::move(object));
    listing.checkpoints.push_back(std::move(checkpoint));
  }
}

void AddObject(const LogFileName& name, objectstore::ObjectInfo object, LogListing& listing,
               PartsByCheckpoint& parts_of) {
  using Kind = CheckpointFiles::Kind;
  switch (name.kind) {
    case LogFileKind::kCommit: listing.commits.push_back({name.version, std::move(object)}); break;
    case LogFileKind::kClassicCheckpoint:
      listing.checkpoints.push_back({name.version, Kind::kClassic, {std::move(object)}});
      break;
    case LogFileKind::kV2ParquetCheckpoint:
      listing.checkpoints.push_back({name.version, Kind::kV2Parquet, {std::move(object)}});
      break;
    case LogFileKind::kV2JsonCheckpoint:
      listing.checkpoints.push_back({name.version, Kind::kV2Json, {std::move(object)}});
      break;
    case LogFileKind::kCheckpointPart:
      parts_of[{name.version, name.parts}].emplace(name.part, std::move(object));
      break;
    case LogFileKind::kCompacted:
      listing.compacted.push_back({name.version, name.last_version, std::move(object)});
      break;
    case LogFileKind::kChecksum: listing.checksums.push_back(name.version); break;
  }
}

bool LikedLess(const CheckpointFiles& a, const CheckpointFiles& b) {
  if (a.version != b.version) return a.version < b.version;
  if (a.kind != b.kind) return Rank(a.kind) < Rank(b.kind);
  if (a.parts.size() != b.parts.size()) return a.parts.size() < b.parts.size();
  return a.Id() < b.Id();
}

}  // namespace

std::string CheckpointFiles::Id() const {
  // The first part's name holds version, kind, uuid and number of parts.
  return parts.empty() ? std::string() : parts.front().name;
}

Result<LogListing> ListLog(objectstore::ObjectStore& store, std::int64_t first_version) {
  // '~' sorts after every character of a log file's name.
  const std::string start_after = first_version <= 0 ? std::string() : VersionText(first_version - 1) + "~";
  LEVEE_ASSIGN(auto objects, store.List(kLogFolder, start_after));
  LogListing listing;
  listing.folder_exists = !objects.empty();
  if (objects.empty() && !start_after.empty()) {
    LEVEE_ASSIGN(const auto all, store.List(kLogFolder, ""));
    listing.folder_exists = !all.empty();
  }
  PartsByCheckpoint parts_of;
  for (objectstore::ObjectInfo& object : objects) {
    const auto name = ParseLogFileName(object.name);
    if (name) AddObject(*name, std::move(object), listing, parts_of);
  }
  AddCompleteMultiPart(std::move(parts_of), listing);
  std::sort(listing.checkpoints.begin(), listing.checkpoints.end(), LikedLess);
  return listing;
}

std::string CommitName(std::int64_t version) { return VersionText(version) + ".json"; }

std::string CommitPath(std::int64_t version) {
  return std::string(kLogFolder) + "/" + CommitName(version);
}

}  // namespace levee::delta
