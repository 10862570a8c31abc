#include "catalog/log_times.h"

#include <algorithm>
#include <limits>
#include <string>

#include "catalog/table_state.h"
#include "delta/commit_reader.h"
#include "delta/log_listing.h"
#include "types/value.h"

namespace levee::catalog {
namespace {

// Ascending by version.
Result<std::vector<CommitTime>> StoredTimes(Context& context, const store::TableRecord& record,
                                            std::int64_t last_version) {
  LEVEE_ASSIGN(const auto commits, context.store().ReadCommits(record.id, 0, last_version, INT64_MAX));
  std::vector<CommitTime> times;
  times.reserve(commits.size());
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    times.push_back({commit->version, commit->timestamp_ms});
  }
  return times;
}

// Adds the commits that the log has and the store has not.
Status AddLogTimes(Context& context, const store::TableRecord& record, std::optional<std::int64_t> in_commit_from,
                   std::vector<CommitTime>& times) {
  LEVEE_ASSIGN(const auto objects, context.Objects(record.uri));
  LEVEE_ASSIGN(const delta::LogListing listing, delta::ListLog(*objects, 0));
  std::vector<CommitTime> added;
  std::vector<delta::CommitFile> to_read;
  for (const delta::CommitFile& file : listing.commits) {
    if (file.version > times.back().version) break;
    if (std::ranges::binary_search(times, file.version, {}, &CommitTime::version)) continue;
    if (in_commit_from && file.version >= *in_commit_from) {
      to_read.push_back(file);
    } else {
      added.push_back({file.version, file.object.modified_ms});
    }
  }
  LEVEE_RETURN_IF_ERROR(
      delta::ReadCommits(*objects, to_read, context.threads(), [&](delta::CommitContent commit) -> Status {
        added.push_back({commit.version, commit.timestamp_ms});
        return {};
      }));
  times.insert(times.end(), added.begin(), added.end());
  std::ranges::sort(times, {}, &CommitTime::version);
  return {};
}

// Whether a commit between the answer and the next known one could be a better answer.
bool MayMissCommits(const std::vector<CommitTime>& times, std::optional<std::int64_t> version) {
  if (!version) return times.front().version > 0;
  const auto at = std::ranges::lower_bound(times, *version, {}, &CommitTime::version);
  return at + 1 != times.end() && (at + 1)->version != *version + 1;
}

// The answer from few rows; empty: there is none, or commits that only the log has may make a better one.
Result<std::optional<std::int64_t>> FindStored(Context& context, const store::TableRecord& record,
                                               std::int64_t head_version, std::optional<std::int64_t> in_commit_from,
                                               std::int64_t timestamp_ms) {
  store::Store& store = context.store();
  store::TimeRequest request{.table_id = record.id, .last_version = head_version, .time_ms = timestamp_ms};
  std::optional<std::int64_t> version;
  if (in_commit_from) {
    request.adjusted = false;
    request.first_version = *in_commit_from;
    LEVEE_ASSIGN(version, store.FindCommitByTime(request));
    request.last_version = std::min(head_version, *in_commit_from - 1);
  }
  if (!version) {
    request.adjusted = true;
    request.first_version = 0;
    LEVEE_ASSIGN(version, store.FindCommitByTime(request));
  }
  if (!version) return std::nullopt;
  LEVEE_ASSIGN(const auto commits, store.ReadCommits(record.id, *version, *version + 1, 2));
  if (commits.size() == 2) return version;
  const bool in_commit = in_commit_from && *version >= *in_commit_from;
  const std::int64_t last_ms = in_commit ? commits.back().timestamp_ms : commits.back().adjusted_ms;
  return *version == head_version && timestamp_ms <= last_ms ? version : std::nullopt;
}

// Of a time that microseconds cannot tell, the number itself.
std::string TimeText(std::int64_t timestamp_ms) {
  std::int64_t micros = 0;
  if (__builtin_mul_overflow(timestamp_ms, std::int64_t{1000}, &micros)) return std::to_string(timestamp_ms) + " ms";
  return types::FormatTimestamp(micros, true);
}

}  // namespace

void MakeMonotonic(std::vector<CommitTime>& times, std::optional<std::int64_t> in_commit_from) {
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (in_commit_from && times[i].version >= *in_commit_from) break;
    const std::int64_t before = times[i - 1].timestamp_ms;
    const std::int64_t least = before == std::numeric_limits<std::int64_t>::max() ? before : before + 1;
    times[i].timestamp_ms = std::max(times[i].timestamp_ms, least);
  }
}

std::optional<std::int64_t> NewestAtOrBefore(const std::vector<CommitTime>& times, std::int64_t timestamp_ms) {
  // From the newest down: file times before the enablement version may lie after in-commit ones.
  for (auto time = times.rbegin(); time != times.rend(); ++time) {
    if (time->timestamp_ms <= timestamp_ms) return time->version;
  }
  return std::nullopt;
}

Result<std::int64_t> VersionAtTime(Context& context, const store::TableRecord& record, const store::Head& head,
                                   std::int64_t timestamp_ms) {
  LEVEE_ASSIGN(const auto snapshot, LoadSnapshot(context, record, head, head.version));
  const auto in_commit_from = InCommitTimestampsFrom(snapshot->state.metadata);
  LEVEE_ASSIGN(const auto stored, FindStored(context, record, head.version, in_commit_from, timestamp_ms));
  if (stored) return *stored;
  LEVEE_ASSIGN(std::vector<CommitTime> times, StoredTimes(context, record, head.version));
  if (times.empty()) return Fail(ErrorCode::kCorrupt, record.uri, "the store has no commits of it");
  MakeMonotonic(times, in_commit_from);
  auto version = NewestAtOrBefore(times, timestamp_ms);
  if (MayMissCommits(times, version)) {
    LEVEE_RETURN_IF_ERROR(AddLogTimes(context, record, in_commit_from, times));
    MakeMonotonic(times, in_commit_from);
    version = NewestAtOrBefore(times, timestamp_ms);
  }
  if (version && timestamp_ms <= times.back().timestamp_ms) return *version;
  return Fail(ErrorCode::kOutOfRange, record.name.empty() ? record.uri : record.name,
              "no version at " + TimeText(timestamp_ms) + "; its commits are from " +
                  TimeText(times.front().timestamp_ms) + " to " + TimeText(times.back().timestamp_ms));
}

}  // namespace levee::catalog
