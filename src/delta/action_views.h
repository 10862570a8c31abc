// An add action whose texts stand elsewhere: in a commit's actions or in Arrow buffers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "delta/actions.h"

namespace levee::delta {

struct PartitionView {
  std::string_view column;
  std::optional<std::string_view> value;
};

struct DeletionVectorView {
  std::string_view storage_type;
  std::string_view path_or_inline;
  std::optional<std::int64_t> offset;
  std::int64_t size_bytes = 0;
  std::int64_t cardinality = 0;
};

struct AddView {
  std::string_view path;
  std::span<const PartitionView> partition_values;
  std::int64_t size_bytes = 0;
  std::int64_t modification_time_ms = 0;
  bool data_change = false;
  std::optional<std::string_view> stats_json;
  std::optional<std::string_view> tags_json;
  std::optional<DeletionVectorView> deletion_vector;
  std::optional<std::int64_t> base_row_id;
  std::optional<std::int64_t> default_row_commit_version;
  std::optional<std::string_view> clustering_provider;
  std::string_view residual_json;
};

// Views into `add`; `partitions` holds its partition values.
AddView ViewOf(const AddAction& add, std::vector<PartitionView>& partitions);
// A copy that owns its texts.
AddAction OwnedAdd(const AddView& view);

}  // namespace levee::delta
