#include "catalog/new_commits.h"

#include <utility>

namespace levee::catalog {
namespace {

constexpr int kProbesMax = 32;

// The commits from `next` on; those before it are in `found` already.
Status AddListed(objectstore::ObjectStore& objects, std::int64_t first, std::int64_t next, std::int64_t last,
                 NewCommits& found) {
  LEVEE_ASSIGN(delta::LogListing listing, delta::ListLog(objects, first));
  for (delta::CommitFile& file : listing.commits) {
    if (file.version < next) continue;
    if (file.version > last) break;
    if (file.version != next) {
      found.gap = next;
      break;
    }
    found.files.push_back(std::move(file));
    ++next;
  }
  for (delta::CheckpointFiles& checkpoint : listing.checkpoints) {
    const bool beyond = found.gap && checkpoint.version >= *found.gap && checkpoint.version <= last;
    found.base_beyond_gap = found.base_beyond_gap || beyond;
    if (checkpoint.version < next) found.checkpoints.push_back(std::move(checkpoint));
  }
  return {};
}

// A single commit that landed since the last sync has no checkpoint yet. Any other may have been left out
// because of one.
bool MayHaveCheckpoint(const NewCommits& found, const store::Head& head) {
  if (found.files.size() != 1) return !found.files.empty();
  return found.files.front().object.modified_ms <= head.last_sync_ms;
}

}  // namespace

Result<NewCommits> FindNewCommits(objectstore::ObjectStore& objects, const store::Head& head,
                                  std::optional<std::int64_t> to_version, bool thorough) {
  const std::int64_t last = to_version.value_or(INT64_MAX - 1);
  const std::int64_t first = head.version + 1;
  NewCommits found;
  std::int64_t next = first;
  bool complete = false;
  const bool probes = !thorough && !objects.lists_from_name();  // one list says as much as all of them
  for (int probe = 0; probes && probe < kProbesMax && next <= last && !complete; ++probe) {
    LEVEE_ASSIGN(auto info, objects.Stat(delta::CommitPath(next)));
    if (info) {
      found.files.push_back({.version = next++, .object = std::move(*info)});
    } else {
      complete = true;
    }
  }
  complete = complete || next > last;
  if (!complete || MayHaveCheckpoint(found, head)) {
    LEVEE_RETURN_IF_ERROR(AddListed(objects, first, next, complete ? next - 1 : last, found));
  }
  return found;
}

}  // namespace levee::catalog
