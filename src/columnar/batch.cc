#include "columnar/batch.h"

#include "base/check.h"

namespace levee::columnar {
namespace {

// A column of `rows` nulls.
ColumnVector Nulls(types::PhysicalType physical, std::size_t rows) {
  ColumnVector column;
  column.physical = physical;
  column.rows = rows;
  column.validity = Bitmap(rows);
  switch (physical) {
    case types::PhysicalType::kInt64: column.ints.resize(rows); break;
    case types::PhysicalType::kDouble: column.doubles.resize(rows); break;
    case types::PhysicalType::kString: column.strings.offsets.resize(rows + 1); break;
  }
  return column;
}

}  // namespace

const ColumnVector* Batch::Find(const ColumnKey& key) const {
  for (const BatchColumn& column : columns) {
    if (column.key == key) return &column.values;
  }
  return nullptr;
}

const ColumnVector* Batch::Find(ColumnRole role) const {
  for (const BatchColumn& column : columns) {
    if (column.key.role == role) return &column.values;
  }
  return nullptr;
}

ColumnVector* Batch::Find(const ColumnKey& key) {
  return const_cast<ColumnVector*>(static_cast<const Batch*>(this)->Find(key));
}

ColumnVector& Batch::FindOrAdd(const ColumnKey& key) {
  if (ColumnVector* found = Find(key)) return *found;
  columns.push_back({key, Nulls(types::PhysicalTypeOf(key.type), rows)});
  return columns.back().values;
}

std::size_t SizeBytes(const Batch& batch) {
  std::size_t bytes = 0;
  for (const BatchColumn& column : batch.columns) bytes += column.values.SizeBytes();
  return bytes;
}

}  // namespace levee::columnar
