// Evaluates a skipping predicate over bounds, many files (or many blocks of files) at once.
#pragma once

#include <cstddef>

#include "base/bitmap.h"
#include "base/status.h"
#include "columnar/column_vector.h"
#include "expr/skipping.h"

namespace levee::columnar {

// Bounds of columns for a run of rows; a row stands for one file, or for all files of a block.
// Returned pointers stay valid until the source is destroyed. Not thread-safe.
class BoundsSource {
 public:
  virtual ~BoundsSource() = default;
  virtual std::size_t rows() const = 0;
  // A value at or below each value of the column in that row's files; null: unknown. Null pointer:
  // unknown in every row. Typed as column.type. Partition columns: the value itself.
  virtual Result<const ColumnVector*> Lower(const expr::ColumnRef& column) = 0;
  // The same from above, exactly as stored: EvaluateSkipping allows for
  // truncation.
  virtual Result<const ColumnVector*> Upper(const expr::ColumnRef& column) = 0;
  // Rows whose files may hold a NULL, or a value that is not NULL, in the column. Null pointer: all may.
  virtual Result<const Bitmap*> MayBeNull(const expr::ColumnRef& column) = 0;
  virtual Result<const Bitmap*> MayBeNonNull(const expr::ColumnRef& column) = 0;
};

// The rows of `source` that may match. `candidates` (null: all rows) limits the answer.
// NaN bounds count as unknown. A string upper bound of 32 code points or more counts as a prefix
// that the writer may have cut off; a timestamp upper bound without microseconds as cut to milliseconds.
Result<Bitmap> EvaluateSkipping(const expr::SkippingNode& node, BoundsSource& source,
                                const Bitmap* candidates);

}  // namespace levee::columnar
