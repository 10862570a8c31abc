#include "api/file_order.h"

#include <array>
#include <utility>

#include "api/file_columns.h"
#include "api/nearest_name.h"
#include "types/names.h"
#include "types/schema.h"

namespace levee::api {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;
using output::FileFieldKind;
using query::SortKey;
using types::SameName;

constexpr std::array kBounds{std::pair{std::string_view("min."), ColumnRole::kMin},
                             std::pair{std::string_view("max."), ColumnRole::kMax},
                             std::pair{std::string_view("nulls."), ColumnRole::kNullCount}};

// Values of texts and of times with the reader's zone are kept as the log has them.
std::optional<SortKey> PartitionOrder(const delta::Metadata& metadata, std::string_view name) {
  const std::vector<std::string> physical = PartitionColumns(metadata);
  for (std::size_t i = 0; i < physical.size(); ++i) {
    if (!SameName(metadata.partition_columns[i], Unquoted(name))) continue;
    types::PrimitiveType type{types::TypeKind::kString};
    for (const types::LeafColumn& leaf : metadata.schema.Leaves()) {
      if (leaf.physical_path == physical[i]) type = leaf.type;
    }
    const bool is_text = type.kind == types::TypeKind::kString || type.kind == types::TypeKind::kTimestamp;
    if (is_text) type = {types::TypeKind::kString};
    return SortKey{.column = {is_text ? ColumnRole::kPartition : ColumnRole::kPartitionValue, physical[i], type},
                   .empty_is_null = is_text};
  }
  return std::nullopt;
}

bool HasOneColumn(FileFieldKind kind) {
  switch (kind) {
    case FileFieldKind::kPath:
    case FileFieldKind::kSize:
    case FileFieldKind::kModificationTime:
    case FileFieldKind::kNumRecords:
    case FileFieldKind::kBaseRowId:
    case FileFieldKind::kDefaultRowCommitVersion:
    case FileFieldKind::kAddedVersion: return true;
    default: return false;
  }
}

Error CannotOrder(const catalog::View& view, std::string_view name) {
  std::string known =
      "path, size, modificationTime, numRecords, baseRowId, defaultRowCommitVersion, addedVersion, min.COLUMN, "
      "max.COLUMN, nulls.COLUMN";
  std::vector<std::string_view> names(output::PlainFileFieldNames().begin(), output::PlainFileFieldNames().end());
  for (const std::string& column : view.state().metadata.partition_columns) {
    names.push_back(column);
    known += ", " + column;
  }
  const bool is_field = output::PlainFileField(name).has_value();
  return {ErrorCode::kInvalidArgument, std::string(kFileOrder),
          is_field ? "files have no order by '" + std::string(name) + "'"
                   : "there is no field or partition column '" + std::string(name) + "'",
          is_field ? known : NearestHint(name, names, known)};
}

}  // namespace

Result<std::optional<SortKey>> OrderedColumn(const catalog::View& view, std::string_view name) {
  for (const auto& [prefix, role] : kBounds) {
    if (!name.starts_with(prefix)) continue;
    LEVEE_ASSIGN(ColumnKey column, view.StatisticsColumn(role, name.substr(prefix.size())));
    return SortKey{.column = std::move(column), .name = std::string(name)};
  }
  const auto field = output::PlainFileField(name);
  if (field && HasOneColumn(field->kind)) return SortKey{.column = *output::ColumnOf(*field), .name = std::string(name)};
  std::optional<SortKey> key = PartitionOrder(view.state().metadata, name);
  if (key) key->name = std::string(name);
  return key;
}

bool TakeDescending(std::string_view& name) {
  const std::size_t blank = name.find_last_of(' ');
  if (blank == std::string_view::npos) return false;
  const std::string_view word = name.substr(blank + 1);
  const bool descending = SameName(word, "desc");
  if (!descending && !SameName(word, "asc")) return false;
  name.remove_suffix(name.size() - blank);
  while (name.ends_with(' ')) name.remove_suffix(1);
  return descending;
}

Result<std::vector<SortKey>> ReadOrder(const catalog::View& view, std::string_view text,
                                       const catalog::ListedFiles* listed) {
  std::vector<SortKey> keys;
  for (std::string_view name : SplitNames(text)) {
    const bool descending = TakeDescending(name);
    if (std::optional<ColumnKey> column = ListedColumn(listed, name)) {
      keys.push_back({.column = std::move(*column), .descending = descending, .name = std::string(name)});
      continue;
    }
    LEVEE_ASSIGN(std::optional<SortKey> key, OrderedColumn(view, name));
    if (!key) return std::unexpected(CannotOrder(view, name));
    key->descending = descending;
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace levee::api
