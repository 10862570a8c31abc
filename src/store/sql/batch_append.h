// Putting batches of different columns together.
#pragma once

#include "columnar/batch.h"

namespace levee::store {

void AppendNulls(columnar::ColumnVector& values, std::size_t count);
// A column of that many nulls.
columnar::ColumnVector NullColumn(types::PhysicalType physical, std::size_t rows);
// A column of one value in every row.
columnar::ColumnVector ConstantInts(std::int64_t value, std::size_t rows);

// Appends the rows of `from`; a column that one of both lacks is null there.
void AppendBatch(columnar::Batch& to, const columnar::Batch& from);

}  // namespace levee::store
