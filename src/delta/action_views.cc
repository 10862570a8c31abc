#include "delta/action_views.h"

namespace levee::delta {
namespace {

std::optional<std::string> Owned(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

}  // namespace

AddView ViewOf(const AddAction& add, std::vector<PartitionView>& partitions) {
  partitions.clear();
  for (const auto& [column, value] : add.partition_values) {
    partitions.push_back({column, value ? std::optional<std::string_view>(*value) : std::nullopt});
  }
  AddView view{.path = add.path,
               .partition_values = partitions,
               .size_bytes = add.size_bytes,
               .modification_time_ms = add.modification_time_ms,
               .data_change = add.data_change,
               .stats_json = add.stats_json,
               .tags_json = add.tags_json,
               .deletion_vector = std::nullopt,
               .base_row_id = add.base_row_id,
               .default_row_commit_version = add.default_row_commit_version,
               .clustering_provider = add.clustering_provider,
               .residual_json = add.residual_json};
  if (const auto& dv = add.deletion_vector) {
    view.deletion_vector = {dv->storage_type, dv->path_or_inline, dv->offset, dv->size_bytes,
                            dv->cardinality};
  }
  return view;
}

AddAction OwnedAdd(const AddView& view) {
  AddAction add;
  add.path = view.path;
  for (const PartitionView& value : view.partition_values) {
    add.partition_values.emplace_back(value.column, Owned(value.value));
  }
  add.size_bytes = view.size_bytes;
  add.modification_time_ms = view.modification_time_ms;
  add.data_change = view.data_change;
  add.stats_json = Owned(view.stats_json);
  add.tags_json = Owned(view.tags_json);
  if (const auto& dv = view.deletion_vector) {
    add.deletion_vector =
        DeletionVectorDescriptor{std::string(dv->storage_type), std::string(dv->path_or_inline), dv->offset,
                                 dv->size_bytes, dv->cardinality};
  }
  add.base_row_id = view.base_row_id;
  add.default_row_commit_version = view.default_row_commit_version;
  add.clustering_provider = Owned(view.clustering_provider);
  add.residual_json = view.residual_json;
  return add;
}

}  // namespace levee::delta
