// Reads single commits (and compacted ranges) to actions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/actions.h"
#include "delta/log_listing.h"

namespace levee::delta {

// Everything that one commit file says. A commit applies as a set: removes first, then adds.
struct CommitContent {
  std::int64_t version = 0;  // of a compacted file: its last
  objectstore::ObjectInfo object;
  std::uint64_t content_hash = 0;  // Hash64 of the file's bytes
  std::int64_t timestamp_ms = 0;   // inCommitTimestamp when the commit has one, else the file's time
  std::optional<std::int64_t> in_commit_timestamp_ms;
  std::string commit_info_json;  // body of commitInfo; empty without one
  std::vector<StateAction> state;
  std::vector<AddAction> adds;
  std::vector<RemoveAction> removes;
};

// Parses the text of a commit. kCorrupt names the line (1-based). Blank lines, CRLF, unknown actions
// and unknown fields are allowed.
Result<CommitContent> ParseCommit(std::int64_t version, std::string text);

// Reads and parses one commit file.
Result<CommitContent> ReadCommit(objectstore::ObjectStore& store, const CommitFile& file);
Result<CommitContent> ReadCompacted(objectstore::ObjectStore& store, const CompactedFile& file);

// Reads many commits with at most `threads` at work and a bounded number in memory, and hands them
// to `visit` in version order. Stops at the first error (of reading, or of `visit`), with every commit
// before it visited.
Status ReadCommits(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, int threads,
                   const std::function<Status(CommitContent)>& visit);

}  // namespace levee::delta
