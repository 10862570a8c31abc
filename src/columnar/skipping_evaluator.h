// Evaluates a skipping predicate over bounds, many files (or many blocks of files) at once.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "base/bitmap.h"
#include "base/status.h"
#include "columnar/column_vector.h"
#include "columnar/column_cursor.h"
#include "expr/skipping.h"

namespace levee::columnar {

// Which bounds can decide a leaf.
struct Sides {
  bool lower = true;
  bool upper = true;
};

struct EncodedBounds {
  std::unique_ptr<ColumnCursor> lower, upper;
};

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
  // False: Encoded never answers any.
  virtual bool MayBeEncoded() const { return false; }
  // The bounds as they are stored, where that is better than to have them decoded; nothing: it is not. Those that are
  // not needed may be null; of partition columns there is `lower` only, which is the value itself.
  virtual Result<std::optional<EncodedBounds>> Encoded([[maybe_unused]] const expr::ColumnRef& column,
                                                       [[maybe_unused]] Sides needed) {
    return std::nullopt;
  }
};

// Narrows `candidates` by a leaf that compares with literals of its column's type, over bounds as they are stored.
// `unknown` loses the candidates that have such a bound. kUnsupported for leaves that only decoded bounds serve.
Status FilterAsStored(const expr::SkippingNode& leaf, const EncodedBounds& bounds, Bitmap& candidates,
                      Bitmap& unknown);

// The rows of `source` that may match. `candidates` (null: all rows) limits the answer.
// NaN bounds count as unknown. A string upper bound of 32 code points or more counts as a prefix
// that the writer may have cut off; a timestamp upper bound without microseconds as cut to milliseconds.
Result<Bitmap> EvaluateSkipping(const expr::SkippingNode& node, BoundsSource& source,
                                const Bitmap* candidates);

}  // namespace levee::columnar
