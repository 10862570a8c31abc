// The add and remove actions of a checkpoint's rows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delta/action_views.h"
#include "delta/arrow_view.h"

namespace levee::delta {

// The fields that add and remove structs share, found once for each Arrow batch.
struct FileActionColumns {
  // `own_fields` are those that only this kind of action has and that its reader takes.
  FileActionColumns(const ArrowColumn& action, std::span<const std::string_view> own_fields);
  bool Has(std::int64_t row) const { return !action.IsNull(row) && !path.IsNull(row); }

  ArrowColumn action, path, size, data_change, stats, stats_parsed, tags, base_row_id, row_commit_version;
  ArrowColumn partition_values, partition_keys, partition_texts;
  ArrowColumn dv, dv_storage_type, dv_path, dv_offset, dv_size, dv_cardinality;
  std::vector<ArrowColumn> unknown;  // fields that the protocol did not name when this was written
};

// Reads add actions as views into the batch. Not thread-safe.
class AddRows {
 public:
  explicit AddRows(const ArrowColumn& batch);
  bool Has(std::int64_t row) const { return columns_.Has(row); }
  bool HasStatsText(std::int64_t row) const { return !columns_.stats.IsNull(row); }
  const ArrowColumn& stats_parsed() const { return columns_.stats_parsed; }
  // Valid until the next call. The row has an add.
  AddView Read(std::int64_t row);

 private:
  FileActionColumns columns_;
  ArrowColumn modification_time_, clustering_provider_;
  std::vector<PartitionView> partitions_;
  std::string tags_, residual_;
};

class RemoveRows {
 public:
  explicit RemoveRows(const ArrowColumn& batch);
  bool Has(std::int64_t row) const { return columns_.Has(row); }
  RemoveAction Read(std::int64_t row) const;

 private:
  FileActionColumns columns_;
  ArrowColumn deletion_timestamp_, extended_file_metadata_;
};

}  // namespace levee::delta
