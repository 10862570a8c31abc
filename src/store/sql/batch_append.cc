#include "store/sql/batch_append.h"

#include <map>

namespace levee::store {

using columnar::Batch;
using columnar::BatchColumn;
using columnar::ColumnKey;
using columnar::ColumnVector;
using types::PhysicalType;

void AppendNulls(ColumnVector& values, std::size_t count) {
  if (count == 0) return;
  Bitmap validity(values.rows + count);
  if (values.has_nulls()) {
    std::copy(values.validity.words().begin(), values.validity.words().end(), validity.words().begin());
  } else {
    const Bitmap all(values.rows, true);
    std::copy(all.words().begin(), all.words().end(), validity.words().begin());
  }
  values.validity = std::move(validity);
  values.rows += count;
  switch (values.physical) {
    case PhysicalType::kInt64: values.ints.resize(values.rows); break;
    case PhysicalType::kDouble: values.doubles.resize(values.rows); break;
    case PhysicalType::kString: values.strings.offsets.resize(values.rows + 1, values.strings.offsets.back()); break;
  }
}

ColumnVector NullColumn(PhysicalType physical, std::size_t rows) {
  ColumnVector values;
  values.physical = physical;
  AppendNulls(values, rows);
  return values;
}

ColumnVector ConstantInts(std::int64_t value, std::size_t rows) {
  ColumnVector values;
  values.ints.assign(rows, value);
  values.rows = rows;
  return values;
}

void AppendBatch(Batch& to, const Batch& from) {
  // Batches of one table mostly have the same columns in the same order, so a look at the same place
  // comes before the search.
  std::map<ColumnKey, std::size_t, bool (*)(const ColumnKey&, const ColumnKey&)> places(columnar::KeyLess);
  for (std::size_t i = 0; i < from.columns.size(); ++i) {
    const BatchColumn& source = from.columns[i];
    std::size_t place = i;
    if (i >= to.columns.size() || to.columns[i].key != source.key) {
      if (places.empty()) {
        for (std::size_t j = 0; j < to.columns.size(); ++j) places.emplace(to.columns[j].key, j);
      }
      const auto [found, is_new] = places.emplace(source.key, to.columns.size());
      place = found->second;
      if (is_new) to.columns.push_back({source.key, NullColumn(source.values.physical, to.rows)});
    }
    to.columns[place].values.AppendRange(source.values, 0, from.rows);
  }
  to.rows += from.rows;
  for (BatchColumn& column : to.columns) AppendNulls(column.values, to.rows - column.values.rows);
}

}  // namespace levee::store
