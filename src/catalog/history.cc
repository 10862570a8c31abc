#include <algorithm>
#include <map>
#include <utility>

#include "catalog/commit_delta.h"
#include "catalog/fresh_head.h"
#include "catalog/log_times.h"
#include "catalog/operations.h"
#include "catalog/table_state.h"
#include "delta/commit_reader.h"

namespace levee::catalog {
namespace {

using Records = std::map<std::int64_t, store::CommitRecord>;  // by version

store::CommitRecord RecordOf(const delta::CommitContent& commit, const types::Schema& schema) {
  store::CommitRecord record{.version = commit.version,
                             .timestamp_ms = commit.timestamp_ms,
                             .fingerprint = {commit.object.etag, commit.content_hash},
                             .commit_info_json = commit.commit_info_json};
  delta::EntryBatchBuilder builder(schema);
  for (const delta::AddAction& add : commit.adds) builder.Append(add);
  CountChanges(builder.Finish(), commit.removes.size(), record);
  return record;
}

// Adds commits from `first` on that only the log has, and what commits that a checkpoint stands for did.
Status AddFromLog(Context& context, const FreshHead& fresh, std::int64_t first, Records& records) {
  LEVEE_ASSIGN(const auto snapshot, LoadSnapshot(context, fresh.record, fresh.head, fresh.head.version));
  LEVEE_ASSIGN(const auto objects, context.Objects(fresh.record.uri));
  LEVEE_ASSIGN(const delta::LogListing listing, delta::ListLog(*objects, first));
  std::vector<delta::CommitFile> files;
  for (const delta::CommitFile& file : listing.commits) {
    const auto known = records.find(file.version);
    if (file.version > fresh.head.version) break;
    if (known == records.end() || known->second.is_base) files.push_back(file);
  }
  return delta::ReadCommits(*objects, files, context.threads(), [&](const delta::CommitContent& commit) -> Status {
    store::CommitRecord record = RecordOf(commit, snapshot->state.metadata.schema);
    const auto known = records.find(record.version);
    if (known != records.end()) {
      record.num_files = known->second.num_files;
      record.size_bytes = known->second.size_bytes;
      record.num_records = known->second.num_records;
    }
    records.insert_or_assign(record.version, std::move(record));
    return {};
  });
}

// True when the store alone can tell every commit from `first` to the head.
bool IsComplete(const Records& records, std::int64_t first, std::int64_t head_version) {
  if (static_cast<std::int64_t>(records.size()) < head_version - first + 1) return false;
  return std::ranges::none_of(records, [](const auto& entry) { return entry.second.is_base; });
}

Status AdjustTimes(Context& context, const FreshHead& fresh, Records& records) {
  LEVEE_ASSIGN(const auto snapshot, LoadSnapshot(context, fresh.record, fresh.head, fresh.head.version));
  const auto in_commit_from = InCommitTimestampsFrom(snapshot->state.metadata);
  std::vector<CommitTime> times;
  for (const auto& [version, record] : records) {
    // What the store made of it allows for the commits before `first` too.
    const bool in_commit = in_commit_from && version >= *in_commit_from;
    times.push_back({version, in_commit ? record.timestamp_ms : std::max(record.timestamp_ms, record.adjusted_ms)});
  }
  MakeMonotonic(times, in_commit_from);
  for (const CommitTime& time : times) records[time.version].timestamp_ms = time.timestamp_ms;
  return {};
}

}  // namespace

Result<std::vector<store::CommitRecord>> ListHistory(Context& context, std::string_view table,
                                                     std::optional<std::int64_t> limit) {
  LEVEE_ASSIGN(const FreshHead fresh, ReachFreshHead(context, table, {}));
  if (fresh.stopped_by) context.Note("newer commits cannot be read: " + fresh.stopped_by->ToString());
  const std::int64_t last = fresh.head.version;
  if (limit && *limit <= 0) return std::vector<store::CommitRecord>();
  const std::int64_t first = limit && *limit <= last ? last - *limit + 1 : 0;

  LEVEE_ASSIGN(auto stored, context.store().ReadCommits(fresh.record.id, first, last, INT64_MAX));
  Records records;
  for (store::CommitRecord& record : stored) records.insert_or_assign(record.version, std::move(record));
  const bool may_read_log = context.options().freshness.mode != Freshness::Mode::kCached;
  if (may_read_log && !IsComplete(records, first, last)) {
    // What the log no longer can tell is left out.
    if (Status read = AddFromLog(context, fresh, first, records); !read) context.Note(read.error().ToString());
  }
  LEVEE_RETURN_IF_ERROR(AdjustTimes(context, fresh, records));
  std::vector<store::CommitRecord> newest_first;
  newest_first.reserve(records.size());
  for (auto entry = records.rbegin(); entry != records.rend(); ++entry) {
    newest_first.push_back(std::move(entry->second));
  }
  return newest_first;
}

}  // namespace levee::catalog
