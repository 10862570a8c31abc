// Ends of entries that stand in other segments: (where, at which version, by which remove action).
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "columnar/batch.h"
#include "store/sql/micro_batch.h"
#include "store/sql/segment_model.h"

namespace levee::store {

// Parallel to `entries`: row i of `columns` is the remove action (kDeletionTimestamp, kRemoveDataChange, ...);
// kRemoveDataChange is null where a re-add of the same key ended the entry.
struct RemovalBatch {
  std::vector<EntryPlace> entries;
  std::vector<std::int64_t> versions;
  columnar::Batch columns;

  void SortByPlace();
  void Append(const RemovalBatch& other);
};

// `removals` are sorted by place.
Bytes EncodeRemovals(const RemovalBatch& removals, const ColumnNumbering& id_of);
Result<RemovalBatch> DecodeRemovals(ByteSpan blob, const Dictionary& dictionary, const std::string& what);

// An entry's end as a layout keeps it: sorted by row, each row once.
struct Removal {
  std::uint32_t row = 0;
  std::uint32_t action_row = 0;                      // in action->columns
  std::int64_t version = 0;
  const RemovalBatch* action = nullptr;              // owned by the layout
};
using RemovalList = std::vector<Removal>;

// The roles that a remove action adds to the entry it ends.
inline constexpr columnar::ColumnRole kRemoveRoles[] = {
    columnar::ColumnRole::kDeletionTimestamp, columnar::ColumnRole::kRemoveDataChange,
    columnar::ColumnRole::kExtendedFileMetadata, columnar::ColumnRole::kRemoveResidual};
constexpr bool IsRemoveRole(columnar::ColumnRole role) {
  for (const columnar::ColumnRole remove : kRemoveRoles) {
    if (role == remove) return true;
  }
  return false;
}

}  // namespace levee::store
