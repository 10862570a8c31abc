#include "catalog/commit_delta.h"

#include <algorithm>

#include "base/cancellation.h"
#include "catalog/table_state.h"

namespace levee::catalog {

using columnar::ColumnRole;

namespace {

// Of adds with many statistics, a few milliseconds.
constexpr std::size_t kAddsBetweenLooks = 256;

}  // namespace

Result<store::CommitDelta> CommitConverter::Convert(const delta::CommitContent& commit) {
  store::CommitDelta change;
  for (const delta::StateAction& action : commit.state) {
    if (action.kind == delta::StateKind::kProtocol) {
      LEVEE_ASSIGN(const delta::Protocol protocol, delta::ParseProtocol(action.json));
      LEVEE_RETURN_IF_ERROR(delta::CheckReadable(protocol));
    }
    if (action.kind == delta::StateKind::kMetadata) {
      LEVEE_ASSIGN(metadata_, delta::ParseMetadata(action.json));
    }
    change.state.push_back({.kind = static_cast<std::uint8_t>(action.kind), .key = action.key,
                            .version = commit.version, .json = action.json});
  }
  delta::EntryBatchBuilder builder(metadata_.schema);
  for (std::size_t i = 0; i < commit.adds.size(); ++i) {
    if (i % kAddsBetweenLooks == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
    builder.Append(commit.adds[i]);
  }
  change.adds = builder.Finish();
  change.removes = delta::RemovesToBatch(commit.removes, metadata_.schema);
  change.record = {.version = commit.version,
                   .timestamp_ms = TimestampOf(commit),
                   .fingerprint = {commit.object.etag, commit.content_hash},
                   .commit_info_json = commit.commit_info_json};
  CountChanges(change.adds, commit.removes.size(), change.record);
  previous_timestamp_ms_ = change.record.timestamp_ms;
  return change;
}

std::int64_t CommitConverter::TimestampOf(const delta::CommitContent& commit) const {
  const auto from = InCommitTimestampsFrom(metadata_);
  if (from && commit.version >= *from && commit.in_commit_timestamp_ms) return *commit.in_commit_timestamp_ms;
  // File times may stand still or go back; versions do not.
  return std::max(commit.object.modified_ms, previous_timestamp_ms_ + 1);
}

void CountChanges(const columnar::Batch& adds, std::size_t removes, store::CommitRecord& record) {
  record.files_added = static_cast<std::int64_t>(adds.rows);
  record.files_removed = static_cast<std::int64_t>(removes);
  record.bytes_added = 0;
  record.rows_added = 0;
  const columnar::ColumnVector* sizes = adds.Find(ColumnRole::kSize);
  const columnar::ColumnVector* counts = adds.Find(ColumnRole::kNumRecords);
  for (std::size_t row = 0; row < adds.rows; ++row) {
    if (sizes != nullptr && sizes->IsValid(row)) record.bytes_added += sizes->ints[row];
    if (counts == nullptr || !counts->IsValid(row)) record.rows_added.reset();
    if (record.rows_added) *record.rows_added += counts->ints[row];
  }
}

}  // namespace levee::catalog
