#include "query/batch_bounds.h"

#include <utility>

#include "types/value.h"

namespace levee::query {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;

ColumnKey RawPartitionKey(const expr::ColumnRef& column) {
  return {ColumnRole::kPartition, column.physical_path, {types::TypeKind::kString}};
}
ColumnKey NullCountKey(const expr::ColumnRef& column) {
  return {ColumnRole::kNullCount, column.physical_path, {types::TypeKind::kLong}};
}

}  // namespace

std::vector<ColumnKey> BoundsColumns(const expr::SkippingNode& node) {
  std::vector<ColumnKey> keys;
  bool statistics = false;
  for (const expr::ColumnRef& column : expr::ReferencedColumns(node)) {
    if (column.is_partition) {
      keys.push_back(RawPartitionKey(column));
      continue;
    }
    statistics = true;
    keys.push_back({ColumnRole::kMin, column.physical_path, column.type});
    keys.push_back({ColumnRole::kMax, column.physical_path, column.type});
    keys.push_back(NullCountKey(column));
  }
  if (statistics) keys.push_back(columnar::PlainKey(ColumnRole::kNumRecords));
  return keys;
}

BatchBounds::BatchBounds(const columnar::Batch& batch, std::string timezone)
    : batch_(batch), timezone_(std::move(timezone)) {}

Result<const columnar::ColumnVector*> BatchBounds::Lower(const expr::ColumnRef& column) {
  if (column.is_partition) return &PartitionOf(column).values;
  return batch_.Find(ColumnKey{ColumnRole::kMin, column.physical_path, column.type});
}

Result<const columnar::ColumnVector*> BatchBounds::Upper(const expr::ColumnRef& column) {
  if (column.is_partition) return &PartitionOf(column).values;
  return batch_.Find(ColumnKey{ColumnRole::kMax, column.physical_path, column.type});
}

Result<const Bitmap*> BatchBounds::MayBeNull(const expr::ColumnRef& column) {
  return column.is_partition ? &PartitionOf(column).may_be_null : &NullsOf(column).may_be_null;
}

Result<const Bitmap*> BatchBounds::MayBeNonNull(const expr::ColumnRef& column) {
  return column.is_partition ? &PartitionOf(column).may_be_non_null : &NullsOf(column).may_be_non_null;
}

const BatchBounds::Partition& BatchBounds::PartitionOf(const expr::ColumnRef& column) {
  const auto [at, added] = partitions_.try_emplace(column.physical_path);
  if (!added) return at->second;
  Partition& partition = at->second;
  partition.values.physical = types::PhysicalTypeOf(column.type);
  const columnar::ColumnVector* raw = batch_.Find(RawPartitionKey(column));
  for (std::size_t row = 0; row < batch_.rows; ++row) {
    std::optional<types::Value> value = types::Value{column.type, {}};
    if (raw != nullptr && raw->IsValid(row)) {
      value = types::ParsePartitionValue(raw->strings[row], column.type, timezone_);
    }
    // A value that does not parse may be anything.
    partition.values.PushValue(value ? value->physical : types::PhysicalValue());
    partition.may_be_null.PushBack(!value || value->is_null());
    partition.may_be_non_null.PushBack(!value || !value->is_null());
  }
  return partition;
}

const BatchBounds::Nulls& BatchBounds::NullsOf(const expr::ColumnRef& column) {
  const auto [at, added] = nulls_.try_emplace(column.physical_path);
  if (!added) return at->second;
  const columnar::ColumnVector* nulls = batch_.Find(NullCountKey(column));
  const columnar::ColumnVector* rows = batch_.Find(ColumnRole::kNumRecords);
  for (std::size_t row = 0; row < batch_.rows; ++row) {
    const bool known = nulls != nullptr && nulls->IsValid(row);
    const bool counted = known && rows != nullptr && rows->IsValid(row);
    at->second.may_be_null.PushBack(!known || nulls->ints[row] != 0);
    at->second.may_be_non_null.PushBack(!counted || nulls->ints[row] < rows->ints[row]);
  }
  return at->second;
}

}  // namespace levee::query
