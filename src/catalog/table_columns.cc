#include "catalog/table_columns.h"

#include <algorithm>
#include <map>
#include <string>

namespace levee::catalog {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;

bool IsTypedByColumn(ColumnRole role) {
  return role == ColumnRole::kMin || role == ColumnRole::kMax || role == ColumnRole::kPartitionValue;
}

// Names that start as the unknown one does, in any case, or all when there are few.
std::string Suggestions(const std::vector<std::string>& names, std::string_view wanted) {
  std::string text;
  int count = 0;
  for (const std::string& name : names) {
    const bool alike = !wanted.empty() && !name.empty() && (name.front() | 0x20) == (wanted.front() | 0x20);
    if (names.size() > 8 && !alike) continue;
    if (++count > 8) break;
    text += (text.empty() ? "" : ", ") + name;
  }
  return text.empty() ? std::string() : "the columns are " + text;
}

}  // namespace

std::vector<ColumnKey> ColumnsAtVersion(std::vector<ColumnKey> stored, const types::Schema& schema) {
  std::map<std::string, types::PrimitiveType> types_now;
  for (const types::LeafColumn& leaf : schema.Leaves()) types_now.emplace(leaf.physical_path, leaf.type);
  for (ColumnKey& key : stored) {
    if (!IsTypedByColumn(key.role)) continue;
    const auto now = types_now.find(key.path);
    if (now != types_now.end() && types::CanWiden(key.type, now->second)) key.type = now->second;
  }
  std::ranges::stable_sort(stored, columnar::KeyLess);
  const auto [first, last] = std::ranges::unique(stored);
  stored.erase(first, last);
  return stored;
}

Result<ColumnKey> StatisticsKey(const Snapshot& snapshot, ColumnRole role, std::string_view name) {
  const auto column = snapshot.resolver.ResolveDotted(name);
  if (!column) {
    return Fail(ErrorCode::kInvalidArgument, std::string(name), "no such column",
                Suggestions(snapshot.resolver.Names(), name));
  }
  if (column->is_partition) {
    return Fail(ErrorCode::kInvalidArgument, std::string(name), "a partition column has no statistics",
                "ask for partitionValues");
  }
  const auto kind = column->type.kind;
  if (role == ColumnRole::kNullCount) return ColumnKey{role, column->physical_path, {types::TypeKind::kLong}};
  if (kind >= types::TypeKind::kVariant || kind == types::TypeKind::kBinary) {
    return Fail(ErrorCode::kInvalidArgument, std::string(name),
                "columns of type " + types::TypeName(column->type) + " have no bounds");
  }
  return ColumnKey{role, column->physical_path, column->type};
}

}  // namespace levee::catalog
