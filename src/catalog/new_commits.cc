#include "catalog/new_commits.h"

#include <utility>

namespace levee::catalog {
namespace {

constexpr int kProbesMax = 32;

Status AddListed(objectstore::ObjectStore& objects, std::int64_t next, std::int64_t last, NewCommits& found) {
  LEVEE_ASSIGN(delta::LogListing listing, delta::ListLog(objects, next));
  for (delta::CommitFile& file : listing.commits) {
    if (file.version > last) break;
    if (file.version != next) {
      found.gap = next;
      break;
    }
    found.files.push_back(std::move(file));
    ++next;
  }
  return {};
}

}  // namespace

Result<NewCommits> FindNewCommits(objectstore::ObjectStore& objects, std::int64_t after,
                                  std::optional<std::int64_t> to_version, bool thorough) {
  const std::int64_t last = to_version.value_or(INT64_MAX - 1);
  NewCommits found;
  std::int64_t next = after + 1;
  if (!thorough) {
    for (int probe = 0; probe < kProbesMax && next <= last; ++probe, ++next) {
      LEVEE_ASSIGN(auto info, objects.Stat(delta::CommitPath(next)));
      if (!info) return found;
      found.files.push_back({.version = next, .object = std::move(*info)});
    }
  }
  if (next <= last) LEVEE_RETURN_IF_ERROR(AddListed(objects, next, last, found));
  return found;
}

}  // namespace levee::catalog
