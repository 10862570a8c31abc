// Turns add actions into typed columns (columnar::Batch). Statistics are parsed here, once.
#pragma once

#include <cstdint>
#include <memory>

#include "columnar/batch.h"
#include "delta/actions.h"
#include "types/schema.h"

namespace levee::delta {

// Builds batches with the roles kPath ... kActionResidual, the deletion vector's and kKeyHash.
// Statistics of columns that `schema` does not have, and values that do not parse as their type, go to
// kStatsResidual, so that nothing is lost. The caller adds kAddedVersion, kRemovedVersion. Columns that
// are null in every row are left out. Not thread-safe.
class EntryBatchBuilder {
 public:
  explicit EntryBatchBuilder(const types::Schema& schema);
  ~EntryBatchBuilder();
  EntryBatchBuilder(EntryBatchBuilder&&) noexcept;
  EntryBatchBuilder& operator=(EntryBatchBuilder&&) noexcept;

  void Append(const AddAction& add);
  std::size_t rows() const;
  // Bytes that the rows so far take, without what is reserved.
  std::size_t SizeBytes() const;
  // The rows so far; starts anew.
  columnar::Batch Finish();

  struct Impl;  // shared with the checkpoint reader, which appends straight from Arrow arrays
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// The statistics JSON of each row as the log would have it (equal after parsing), empty for rows without.
std::vector<std::optional<std::string>> RenderStats(const columnar::Batch& batch);

// Removes as a batch: kPath, the deletion vector's roles, kKeyHash, kDeletionTimestamp,
// kRemoveDataChange, kExtendedFileMetadata, kSize, kPartition, kTags, kBaseRowId,
// kDefaultRowCommitVersion, kRemoveResidual.
columnar::Batch RemovesToBatch(const std::vector<RemoveAction>& removes, const types::Schema& schema);

// The value of kRemoveResidual: the remove's unknown fields and its statistics, which say less than its
// entry's, as a JSON object. Empty: none.
std::string RemoveResidual(const RemoveAction& remove);

}  // namespace levee::delta
