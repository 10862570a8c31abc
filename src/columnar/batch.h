// Rows by column: what replay emits, what segments hold, what scans return.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "base/status.h"
#include "columnar/column_key.h"
#include "columnar/column_vector.h"

namespace levee::columnar {

struct BatchColumn {
  ColumnKey key;
  ColumnVector values;
};

// Columns of one length; no key twice. A column that a batch lacks is null in every row.
struct Batch {
  std::size_t rows = 0;
  std::vector<BatchColumn> columns;

  // Null when the batch has no such column.
  const ColumnVector* Find(const ColumnKey& key) const;
  const ColumnVector* Find(ColumnRole role) const;  // roles that are not by column
  ColumnVector* Find(const ColumnKey& key);
  // The column, made with `rows` nulls when it is not there.
  ColumnVector& FindOrAdd(const ColumnKey& key);
};

// Bytes of memory that the values hold.
std::size_t SizeBytes(const Batch& batch);

// A sequence of batches, read once. Not thread-safe.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  // The next batch; null at the end.
  virtual Result<std::unique_ptr<Batch>> Next() = 0;
};

}  // namespace levee::columnar
