#include "delta/checkpoint_rows.h"

#include <algorithm>
#include <array>

#include "delta/arrow_json.h"
#include "delta/json_text.h"

namespace levee::delta {
namespace {

// What this program reads of both actions, or leaves out because another field says the same.
constexpr std::array<std::string_view, 11> kSharedFields = {"path",
                                                            "partitionValues",
                                                            "size",
                                                            "dataChange",
                                                            "stats",
                                                            "stats_parsed",
                                                            "tags",
                                                            "deletionVector",
                                                            "baseRowId",
                                                            "defaultRowCommitVersion",
                                                            "partitionValues_parsed"};

constexpr std::array<std::string_view, 2> kAddFields = {"modificationTime", "clusteringProvider"};
constexpr std::array<std::string_view, 2> kRemoveFields = {"deletionTimestamp", "extendedFileMetadata"};

bool Contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Columns of an unexpected type count as absent: reading them would misinterpret their buffers.
ArrowColumn Typed(const ArrowColumn& parent, std::string_view name, ArrowKind kind) {
  const ArrowColumn child = parent.Child(name);
  return child.kind() == kind ? child : ArrowColumn();
}

std::int64_t IntegerOr(const ArrowColumn& column, std::int64_t row, std::int64_t fallback) {
  return column.IsNull(row) ? fallback : column.Integer(row);
}

std::optional<std::int64_t> OptionalInteger(const ArrowColumn& column, std::int64_t row) {
  return column.IsNull(row) ? std::nullopt : std::optional(column.Integer(row));
}

std::optional<std::string_view> OptionalText(const ArrowColumn& column, std::int64_t row) {
  return column.IsNull(row) ? std::nullopt : std::optional(column.Text(row));
}

bool IsTrue(const ArrowColumn& column, std::int64_t row) {
  return !column.IsNull(row) && column.Boolean(row);
}

std::optional<DeletionVectorView> ReadDeletionVector(const FileActionColumns& columns, std::int64_t row) {
  if (columns.dv.IsNull(row) || columns.dv_storage_type.IsNull(row)) return std::nullopt;
  return DeletionVectorView{columns.dv_storage_type.Text(row),
                            OptionalText(columns.dv_path, row).value_or(""),
                            OptionalInteger(columns.dv_offset, row), IntegerOr(columns.dv_size, row, 0),
                            IntegerOr(columns.dv_cardinality, row, 0)};
}

void ReadPartitions(const FileActionColumns& columns, std::int64_t row,
                    std::vector<PartitionView>& partitions) {
  partitions.clear();
  if (columns.partition_values.IsNull(row)) return;
  const ArrowColumn::Range range = columns.partition_values.ElementsOf(row);
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    if (columns.partition_keys.IsNull(i)) continue;
    partitions.push_back({columns.partition_keys.Text(i), OptionalText(columns.partition_texts, i)});
  }
}

std::string ReadUnknown(const FileActionColumns& columns, std::int64_t row) {
  std::string json;
  for (const ArrowColumn& column : columns.unknown) {
    if (column.IsNull(row)) continue;
    if (json.empty()) json = "{";
    AppendJsonKey(json, column.name());
    AppendArrowJson(json, column, row);
  }
  if (!json.empty()) json.push_back('}');
  return json;
}

}  // namespace

FileActionColumns::FileActionColumns(const ArrowColumn& given, std::span<const std::string_view> own_fields)
    : action(given),
      path(Typed(given, "path", ArrowKind::kText)),
      size(Typed(given, "size", ArrowKind::kInteger)),
      data_change(Typed(given, "dataChange", ArrowKind::kBoolean)),
      stats(Typed(given, "stats", ArrowKind::kText)),
      stats_parsed(Typed(given, "stats_parsed", ArrowKind::kStruct)),
      tags(Typed(given, "tags", ArrowKind::kMap)),
      base_row_id(Typed(given, "baseRowId", ArrowKind::kInteger)),
      row_commit_version(Typed(given, "defaultRowCommitVersion", ArrowKind::kInteger)),
      partition_values(given.Child("partitionValues")),
      dv(Typed(given, "deletionVector", ArrowKind::kStruct)),
      dv_storage_type(Typed(dv, "storageType", ArrowKind::kText)),
      dv_path(Typed(dv, "pathOrInlineDv", ArrowKind::kText)),
      dv_offset(Typed(dv, "offset", ArrowKind::kInteger)),
      dv_size(Typed(dv, "sizeInBytes", ArrowKind::kInteger)),
      dv_cardinality(Typed(dv, "cardinality", ArrowKind::kInteger)) {
  const std::vector<ArrowColumn> entries = partition_values.Elements().Children();
  if (entries.size() == 2 && entries[0].kind() == ArrowKind::kText && entries[1].kind() == ArrowKind::kText) {
    partition_keys = entries[0];
    partition_texts = entries[1];
  } else {
    partition_values = ArrowColumn();
  }
  for (const ArrowColumn& child : given.Children()) {
    const bool known = Contains(kSharedFields, child.name()) || Contains(own_fields, child.name());
    if (!known) unknown.push_back(child);
  }
}

AddRows::AddRows(const ArrowColumn& batch)
    : columns_(batch.Child("add"), kAddFields),
      modification_time_(Typed(columns_.action, "modificationTime", ArrowKind::kInteger)),
      clustering_provider_(Typed(columns_.action, "clusteringProvider", ArrowKind::kText)) {}

AddView AddRows::Read(std::int64_t row) {
  ReadPartitions(columns_, row, partitions_);
  AddView add;
  add.path = columns_.path.Text(row);
  add.partition_values = partitions_;
  add.size_bytes = IntegerOr(columns_.size, row, 0);
  add.modification_time_ms = IntegerOr(modification_time_, row, 0);
  add.data_change = IsTrue(columns_.data_change, row);
  add.stats_json = OptionalText(columns_.stats, row);
  if (!columns_.tags.IsNull(row)) {
    tags_.clear();
    AppendArrowJson(tags_, columns_.tags, row);
    add.tags_json = tags_;
  }
  add.deletion_vector = ReadDeletionVector(columns_, row);
  add.base_row_id = OptionalInteger(columns_.base_row_id, row);
  add.default_row_commit_version = OptionalInteger(columns_.row_commit_version, row);
  add.clustering_provider = OptionalText(clustering_provider_, row);
  if (!columns_.unknown.empty()) {
    residual_ = ReadUnknown(columns_, row);
    add.residual_json = residual_;
  }
  return add;
}

RemoveRows::RemoveRows(const ArrowColumn& batch)
    : columns_(batch.Child("remove"), kRemoveFields),
      deletion_timestamp_(Typed(columns_.action, "deletionTimestamp", ArrowKind::kInteger)),
      extended_file_metadata_(Typed(columns_.action, "extendedFileMetadata", ArrowKind::kBoolean)) {}

RemoveAction RemoveRows::Read(std::int64_t row) const {
  RemoveAction remove;
  remove.path = columns_.path.Text(row);
  remove.deletion_timestamp_ms = OptionalInteger(deletion_timestamp_, row);
  remove.data_change = IsTrue(columns_.data_change, row);
  if (!extended_file_metadata_.IsNull(row))
    remove.extended_file_metadata = extended_file_metadata_.Boolean(row);
  if (!columns_.partition_values.IsNull(row)) {
    std::vector<PartitionView> partitions;
    ReadPartitions(columns_, row, partitions);
    remove.partition_values.emplace();
    for (const PartitionView& view : partitions) {
      remove.partition_values->emplace_back(
          view.column, view.value ? std::optional<std::string>(*view.value) : std::nullopt);
    }
  }
  remove.size_bytes = OptionalInteger(columns_.size, row);
  if (const auto stats = OptionalText(columns_.stats, row)) remove.stats_json = std::string(*stats);
  if (!columns_.tags.IsNull(row)) AppendArrowJson(remove.tags_json.emplace(), columns_.tags, row);
  if (const auto dv = ReadDeletionVector(columns_, row)) {
    remove.deletion_vector =
        DeletionVectorDescriptor{std::string(dv->storage_type), std::string(dv->path_or_inline), dv->offset,
                                 dv->size_bytes, dv->cardinality};
  }
  remove.base_row_id = OptionalInteger(columns_.base_row_id, row);
  remove.default_row_commit_version = OptionalInteger(columns_.row_commit_version, row);
  remove.residual_json = ReadUnknown(columns_, row);
  return remove;
}

}  // namespace levee::delta
