#include "output/file_fields.h"

#include <algorithm>
#include <array>

#include "output/json_writer.h"
#include "types/schema.h"
#include "types/value.h"

namespace levee::output {
namespace {

using columnar::ColumnRole;
using columnar::ColumnVector;

struct PlainField {
  std::string_view name;
  FileFieldKind kind;
  ColumnRole role;  // of the fields that are one column
};

constexpr std::array kPlainFields{
    PlainField{"path", FileFieldKind::kPath, ColumnRole::kPath},
    PlainField{"size", FileFieldKind::kSize, ColumnRole::kSize},
    PlainField{"partitionValues", FileFieldKind::kPartitionValues, ColumnRole::kPartition},
    PlainField{"modificationTime", FileFieldKind::kModificationTime, ColumnRole::kModificationTime},
    PlainField{"numRecords", FileFieldKind::kNumRecords, ColumnRole::kNumRecords},
    PlainField{"deletionVector", FileFieldKind::kDeletionVector, ColumnRole::kDvStorageType},
    PlainField{"stats", FileFieldKind::kStats, ColumnRole::kStatsForm},
    PlainField{"baseRowId", FileFieldKind::kBaseRowId, ColumnRole::kBaseRowId},
    PlainField{"defaultRowCommitVersion", FileFieldKind::kDefaultRowCommitVersion,
               ColumnRole::kDefaultRowCommitVersion},
    PlainField{"tags", FileFieldKind::kTags, ColumnRole::kTags},
    PlainField{"addedVersion", FileFieldKind::kAddedVersion, ColumnRole::kAddedVersion},
};

constexpr auto kPlainNames = [] {
  std::array<std::string_view, kPlainFields.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kPlainFields[i].name;
  return names;
}();

// Names with a dot inside a nested path print as the user writes them.
std::string DottedPath(std::string path) {
  std::replace(path.begin(), path.end(), types::kPathSeparator, '.');
  return path;
}

void AppendIntegerOrNull(std::string& out, const ColumnVector* column, std::size_t row) {
  if (column == nullptr || !column->IsValid(row)) {
    out += "null";
  } else {
    AppendInteger(out, column->ints[row]);
  }
}

void AppendStringOrNull(std::string& out, const ColumnVector* column, std::size_t row) {
  if (column == nullptr || !column->IsValid(row)) {
    out += "null";
  } else {
    AppendJsonString(out, column->strings[row]);
  }
}

}  // namespace

std::optional<FileField> PlainFileField(std::string_view name) {
  for (const PlainField& field : kPlainFields) {
    if (field.name == name) return FileField{.kind = field.kind, .name = std::string(name)};
  }
  return std::nullopt;
}

std::span<const std::string_view> PlainFileFieldNames() { return kPlainNames; }

std::optional<columnar::ColumnKey> ColumnOf(const FileField& field) {
  if (field.kind == FileFieldKind::kBound) return field.column;
  if (field.kind == FileFieldKind::kStats) return StatsTextKey();
  for (const PlainField& plain : kPlainFields) {
    const bool several =
        field.kind == FileFieldKind::kPartitionValues || field.kind == FileFieldKind::kDeletionVector;
    if (plain.kind == field.kind && !several) return columnar::PlainKey(plain.role);
  }
  return std::nullopt;
}

// A path that no stored column of this role has: those have none.
columnar::ColumnKey StatsTextKey() {
  return {ColumnRole::kStatsResidual, "json", {types::TypeKind::kString, 0, 0}};
}

columnar::ColumnKey PartitionKey(std::string physical_path) {
  return {ColumnRole::kPartition, std::move(physical_path), {types::TypeKind::kString, 0, 0}};
}

BoundFileFields::BoundFileFields(const std::vector<FileField>& fields, const FileRows& rows) : rows_(rows) {
  for (const FileField& field : fields) {
    Bound bound{.field = &field};
    if (field.kind == FileFieldKind::kPartitionValues) {
      BindPartitions(bound);
    } else if (const std::optional<columnar::ColumnKey> key = ColumnOf(field)) {
      bound.column = rows.batch.Find(*key);
    }
    bound_.push_back(std::move(bound));
  }
}

void BoundFileFields::BindPartitions(Bound& bound) const {
  const auto add = [&](const std::string& path, const ColumnVector* column, bool always) {
    std::string prefix;
    AppendJsonString(prefix, DottedPath(path));
    auto& partition = bound.partitions.emplace_back(prefix + ':', column, always);
    for (const auto& [label, own] : bound.field->partition_columns_of) {
      if (std::ranges::find(own, path) != own.end()) partition.labels.push_back(label);
    }
  };
  if (bound.field->label) bound.label = rows_.batch.Find(*bound.field->label);
  const std::vector<std::string>& known = bound.field->partition_columns;
  for (const std::string& path : known) {
    const ColumnVector* column = nullptr;
    for (const columnar::BatchColumn& candidate : rows_.batch.columns) {
      const columnar::ColumnKey& key = candidate.key;
      if (key.role == ColumnRole::kPartition && key.path == path) column = &candidate.values;
    }
    add(path, column, true);
  }
  for (const columnar::BatchColumn& column : rows_.batch.columns) {
    if (column.key.role != ColumnRole::kPartition) continue;
    if (std::find(known.begin(), known.end(), column.key.path) != known.end()) continue;
    add(column.key.path, &column.values, false);
  }
}

void BoundFileFields::AppendJson(std::string& out, std::size_t field, std::size_t row) const {
  const Bound& bound = bound_[field];
  switch (bound.field->kind) {
    case FileFieldKind::kPath: return AppendStringOrNull(out, bound.column, row);
    case FileFieldKind::kSize:
    case FileFieldKind::kModificationTime:
    case FileFieldKind::kNumRecords:
    case FileFieldKind::kBaseRowId:
    case FileFieldKind::kDefaultRowCommitVersion:
    case FileFieldKind::kAddedVersion: return AppendIntegerOrNull(out, bound.column, row);
    case FileFieldKind::kPartitionValues: return AppendPartitions(out, bound, row);
    case FileFieldKind::kDeletionVector: return AppendDeletionVector(out, row);
    case FileFieldKind::kStats: return AppendStats(out, bound, row);
    default: return AppendCellJson(out, CellAt(field, row));
  }
}

void BoundFileFields::AppendPartitions(std::string& out, const Bound& bound, std::size_t row) const {
  char separator = '{';
  for (const Bound::Partition& partition : bound.partitions) {
    const bool is_null = partition.column == nullptr || !partition.column->IsValid(row);
    if (is_null && !partition.always) continue;
    if (is_null && bound.label != nullptr &&
        std::ranges::find(partition.labels, bound.label->strings[row]) == partition.labels.end())
      continue;
    out += separator;
    separator = ',';
    out += partition.prefix;
    AppendStringOrNull(out, partition.column, row);
  }
  if (separator == '{') out += '{';
  out += '}';
}

void BoundFileFields::AppendDeletionVector(std::string& out, std::size_t row) const {
  const ColumnVector* storage_type = rows_.batch.Find(ColumnRole::kDvStorageType);
  if (storage_type == nullptr || !storage_type->IsValid(row)) {
    out += "null";
    return;
  }
  out += "{\"storageType\":";
  AppendStringOrNull(out, storage_type, row);
  out += ",\"pathOrInlineDv\":";
  AppendStringOrNull(out, rows_.batch.Find(ColumnRole::kDvPathOrInline), row);
  out += ",\"offset\":";
  AppendIntegerOrNull(out, rows_.batch.Find(ColumnRole::kDvOffset), row);
  out += ",\"sizeInBytes\":";
  AppendIntegerOrNull(out, rows_.batch.Find(ColumnRole::kDvSizeInBytes), row);
  out += ",\"cardinality\":";
  AppendIntegerOrNull(out, rows_.batch.Find(ColumnRole::kDvCardinality), row);
  out += '}';
}

void BoundFileFields::AppendStats(std::string& out, const Bound& bound, std::size_t row) const {
  const ColumnVector* form = rows_.batch.Find(ColumnRole::kStatsForm);
  const bool is_raw = form != nullptr && form->IsValid(row) &&
                      form->ints[row] == static_cast<std::int64_t>(columnar::StatsForm::kRaw);
  if (is_raw || bound.column == nullptr || !bound.column->IsValid(row)) {
    out += "null";
  } else {
    AppendJsonOnOneLine(out, bound.column->strings[row]);
  }
}

Cell BoundFileFields::CellAt(std::size_t field, std::size_t row) const {
  const Bound& bound = bound_[field];
  switch (bound.field->kind) {
    case FileFieldKind::kChange:
    case FileFieldKind::kVersion:
    case FileFieldKind::kDataChange: return ChangeCell(bound.field->kind, row);
    case FileFieldKind::kPartitionValues:
    case FileFieldKind::kDeletionVector:
    case FileFieldKind::kStats: {
      std::string json;
      AppendJson(json, field, row);
      return json == "null" ? Cell{} : Cell::Json(std::move(json));
    }
    default: return PlainCell(bound, row);
  }
}

Cell BoundFileFields::ChangeCell(FileFieldKind kind, std::size_t row) const {
  if (row >= rows_.changes.size()) return {};
  const ChangeMark& mark = rows_.changes[row];
  if (kind == FileFieldKind::kChange) return Cell::Text(mark.added ? "add" : "remove");
  if (kind == FileFieldKind::kVersion) return Cell::Integer(mark.version);
  return mark.data_change ? Cell::Bool(*mark.data_change) : Cell{};
}

Cell BoundFileFields::PlainCell(const Bound& bound, std::size_t row) const {
  if (bound.column == nullptr || !bound.column->IsValid(row)) return {};
  switch (bound.field->kind) {
    case FileFieldKind::kBound: return TypedCell(bound.field->column.type, *bound.column, row);
    case FileFieldKind::kPath: return Cell::Text(std::string(bound.column->strings[row]));
    case FileFieldKind::kTags: return Cell::Json(std::string(bound.column->strings[row]));
    case FileFieldKind::kSize: return Cell::Size(bound.column->ints[row]);
    default: return Cell::Integer(bound.column->ints[row]);
  }
}

Cell TypedCell(types::PrimitiveType type, const ColumnVector& column, std::size_t row) {
  if (!column.IsValid(row)) return {};
  switch (type.kind) {
    case types::TypeKind::kBoolean: return Cell::Bool(column.ints[row] != 0);
    case types::TypeKind::kByte:
    case types::TypeKind::kShort:
    case types::TypeKind::kInteger:
    case types::TypeKind::kLong: return Cell::Integer(column.ints[row]);
    case types::TypeKind::kFloat:
    case types::TypeKind::kDouble: {
      std::string number;
      AppendJsonDouble(number, column.doubles[row]);
      return Cell::Json(std::move(number));
    }
    case types::TypeKind::kDecimal: return Cell::Json(types::FormatValue({type, column.At(row)}));
    default: return Cell::Text(types::FormatValue({type, column.At(row)}));
  }
}

}  // namespace levee::output
