#include "delta/entry_batch_builder.h"

#include <bit>

#include "delta/entry_batch_impl.h"
#include "delta/json_text.h"
#include "types/file_key.h"

namespace levee::delta {
namespace {

using columnar::ColumnRole;

void SetOptional(RowColumn& column, std::size_t row, const std::optional<std::int64_t>& value) {
  if (value) column.SetInt(row, *value);
}

void SetOptional(RowColumn& column, std::size_t row, const std::optional<std::string_view>& value) {
  if (value) column.SetString(row, *value);
}

}  // namespace

void SetKeyColumns(RowColumns& columns, std::size_t row, std::string_view path,
                   const std::optional<DeletionVectorView>& dv) {
  columns.Plain(ColumnRole::kPath).SetString(row, path);
  std::string unique_id;
  if (dv) {
    columns.Plain(ColumnRole::kDvStorageType).SetString(row, dv->storage_type);
    columns.Plain(ColumnRole::kDvPathOrInline).SetString(row, dv->path_or_inline);
    SetOptional(columns.Plain(ColumnRole::kDvOffset), row, dv->offset);
    columns.Plain(ColumnRole::kDvSizeInBytes).SetInt(row, dv->size_bytes);
    columns.Plain(ColumnRole::kDvCardinality).SetInt(row, dv->cardinality);
    unique_id = types::DvUniqueId(dv->storage_type, dv->path_or_inline, dv->offset);
  }
  const std::uint64_t hash = types::FileKeyHash(path, unique_id);
  columns.Plain(ColumnRole::kKeyHash).SetInt(row, std::bit_cast<std::int64_t>(hash));
}

EntryBatchBuilder::Impl::Impl(const types::Schema& schema)
    : partitions(schema, columns, true), slots(schema, columns), stats(slots, columns) {}

void EntryBatchBuilder::Impl::Append(const AddView& add) {
  const std::size_t row = rows++;
  SetKeyColumns(columns, row, add.path, add.deletion_vector);
  columns.Plain(ColumnRole::kSize).SetInt(row, add.size_bytes);
  columns.Plain(ColumnRole::kModificationTime).SetInt(row, add.modification_time_ms);
  columns.Plain(ColumnRole::kDataChange).SetInt(row, add.data_change ? 1 : 0);
  SetOptional(columns.Plain(ColumnRole::kTags), row, add.tags_json);
  SetOptional(columns.Plain(ColumnRole::kBaseRowId), row, add.base_row_id);
  SetOptional(columns.Plain(ColumnRole::kDefaultRowCommitVersion), row, add.default_row_commit_version);
  SetOptional(columns.Plain(ColumnRole::kClusteringProvider), row, add.clustering_provider);
  if (!add.residual_json.empty())
    columns.Plain(ColumnRole::kActionResidual).SetString(row, add.residual_json);
  for (std::size_t i = 0; i < add.partition_values.size(); ++i)
    partitions.Set(row, i, add.partition_values[i]);
  if (add.stats_json) stats.Parse(row, *add.stats_json);
}

columnar::Batch EntryBatchBuilder::Impl::Finish() {
  columnar::Batch batch = columns.Finish(rows);
  rows = 0;
  return batch;
}

EntryBatchBuilder::EntryBatchBuilder(const types::Schema& schema) : impl_(std::make_unique<Impl>(schema)) {}
EntryBatchBuilder::~EntryBatchBuilder() = default;
EntryBatchBuilder::EntryBatchBuilder(EntryBatchBuilder&&) noexcept = default;
EntryBatchBuilder& EntryBatchBuilder::operator=(EntryBatchBuilder&&) noexcept = default;

void EntryBatchBuilder::Append(const AddAction& add) { impl_->Append(ViewOf(add, impl_->scratch)); }

std::size_t EntryBatchBuilder::rows() const { return impl_->rows; }

std::size_t EntryBatchBuilder::SizeBytes() const { return impl_->columns.SizeBytes(); }

columnar::Batch EntryBatchBuilder::Finish() { return impl_->Finish(); }

std::string RemoveResidual(const RemoveAction& remove) {
  if (!remove.stats_json) return remove.residual_json;
  std::string json = "{";
  if (!remove.residual_json.empty()) json.assign(remove.residual_json, 0, remove.residual_json.rfind('}'));
  AppendJsonKey(json, "stats");
  AppendJsonString(json, *remove.stats_json);
  return json + "}";
}

columnar::Batch RemovesToBatch(const std::vector<RemoveAction>& removes, const types::Schema& schema) {
  RowColumns columns;
  PartitionColumns partitions(schema, columns, false);
  for (std::size_t row = 0; row < removes.size(); ++row) {
    const RemoveAction& remove = removes[row];
    std::optional<DeletionVectorView> dv;
    if (const auto& given = remove.deletion_vector) {
      dv = {given->storage_type, given->path_or_inline, given->offset, given->size_bytes, given->cardinality};
    }
    SetKeyColumns(columns, row, remove.path, dv);
    SetOptional(columns.Plain(ColumnRole::kDeletionTimestamp), row, remove.deletion_timestamp_ms);
    columns.Plain(ColumnRole::kRemoveDataChange).SetInt(row, remove.data_change ? 1 : 0);
    if (remove.extended_file_metadata) {
      columns.Plain(ColumnRole::kExtendedFileMetadata).SetInt(row, *remove.extended_file_metadata ? 1 : 0);
    }
    SetOptional(columns.Plain(ColumnRole::kSize), row, remove.size_bytes);
    SetOptional(columns.Plain(ColumnRole::kTags), row, remove.tags_json);
    SetOptional(columns.Plain(ColumnRole::kBaseRowId), row, remove.base_row_id);
    SetOptional(columns.Plain(ColumnRole::kDefaultRowCommitVersion), row, remove.default_row_commit_version);
    if (const std::string residual = RemoveResidual(remove); !residual.empty()) {
      columns.Plain(ColumnRole::kRemoveResidual).SetString(row, residual);
    }
    for (std::size_t i = 0; remove.partition_values && i < remove.partition_values->size(); ++i) {
      const auto& [column, value] = (*remove.partition_values)[i];
      partitions.Set(row, i, {column, value ? std::optional<std::string_view>(*value) : std::nullopt});
    }
  }
  return columns.Finish(removes.size());
}

}  // namespace levee::delta
