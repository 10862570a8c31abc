#include "delta/entry_batch_impl.h"
#include "types/value.h"

namespace levee::delta {
namespace {

using columnar::ColumnRole;

constexpr types::PrimitiveType kString{types::TypeKind::kString, 0, 0};

// Timestamps depend on the reader's zone; strings are their own text.
bool HasTypedColumn(types::PrimitiveType type) {
  switch (type.kind) {
    case types::TypeKind::kString:
    case types::TypeKind::kTimestamp:
    case types::TypeKind::kBinary:
    case types::TypeKind::kVariant:
    case types::TypeKind::kStruct:
    case types::TypeKind::kArray:
    case types::TypeKind::kMap:
    case types::TypeKind::kUnknown: return false;
    default: return true;
  }
}

}  // namespace

PartitionColumns::PartitionColumns(const types::Schema& schema, RowColumns& columns, bool typed)
    : columns_(columns) {
  for (const types::LeafColumn& leaf : schema.Leaves()) {
    if (leaf.is_partition) Add(leaf.physical_path, leaf.type, typed);
  }
}

PartitionColumns::Column& PartitionColumns::Add(std::string name, types::PrimitiveType type, bool typed) {
  Column column{
      .name = name, .type = type, .raw = nullptr, .typed = nullptr, .last_text = {}, .last_value = {}};
  column.raw = &columns_.Add({ColumnRole::kPartition, name, kString});
  if (typed && HasTypedColumn(type)) column.typed = &columns_.Add({ColumnRole::kPartitionValue, name, type});
  by_name_[std::move(name)] = known_.size();
  return known_.emplace_back(std::move(column));
}

PartitionColumns::Column& PartitionColumns::Find(std::size_t ordinal, std::string_view name) {
  if (ordinal < known_.size() && known_[ordinal].name == name) return known_[ordinal];
  const auto found = by_name_.find(std::string(name));
  if (found != by_name_.end()) return known_[found->second];
  // No partition column of this schema: kept as text, so that nothing is lost.
  return Add(std::string(name), kString, false);
}

void PartitionColumns::Set(std::size_t row, std::size_t ordinal, const PartitionView& value) {
  if (!value.value) return;
  Column& column = Find(ordinal, value.column);
  if (column.raw->HasRow(row)) return;  // a key that stands twice in the map: the first counts
  column.raw->SetString(row, *value.value);
  if (column.typed == nullptr || value.value->empty()) return;
  if (column.last_text != *value.value) {
    column.last_text = *value.value;
    const auto parsed = types::ParsePartitionValue(*value.value, column.type);
    column.last_value = parsed ? parsed->physical : types::PhysicalValue();
  }
  column.typed->SetValue(row, column.last_value);
}

}  // namespace levee::delta
