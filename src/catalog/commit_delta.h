// From a commit's actions to what the store applies.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "columnar/batch.h"
#include "delta/commit_reader.h"
#include "delta/entry_batch_builder.h"
#include "store/store.h"

namespace levee::catalog {

// Carries what is in force from one commit to the next. Not thread-safe.
class CommitConverter {
 public:
  // The state after the commit before the first one.
  CommitConverter(const delta::Metadata& metadata, std::int64_t previous_timestamp_ms)
      : metadata_(metadata), previous_timestamp_ms_(previous_timestamp_ms) {}

  // A metaData action holds for the adds of its own commit. kUnsupported when the commit's protocol may
  // not be read; the converter is of no use after an error.
  Result<store::CommitDelta> Convert(const delta::CommitContent& commit);

 private:
  std::int64_t TimestampOf(const delta::CommitContent& commit) const;

  delta::Metadata metadata_;
  std::int64_t previous_timestamp_ms_;
};

// Fills files_added, files_removed, bytes_added and rows_added.
void CountChanges(const columnar::Batch& adds, std::size_t removes, store::CommitRecord& record);

}  // namespace levee::catalog
