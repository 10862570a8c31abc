// One column on its way into a segment: its rows as encodings take them, an encoding made for it, its chunks.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "columnar/encodings/double_mapping.h"
#include "columnar/encodings/encoding.h"
#include "columnar/segment.h"

namespace levee::columnar {

// The rows of a column as the encodings take them: doubles mapped, null integers filled. Refers to the column's
// values, which must outlive it.
struct PreparedColumn {
  types::PhysicalType physical;
  DoubleMapping double_mapping = kNoMapping;
  std::span<const std::int64_t> integers;
  StringSlice strings;
  const Bitmap* validity = nullptr;  // null: every row is there
  std::size_t first = 0;             // of these rows in `validity`
  std::size_t rows = 0;
  std::vector<std::int64_t> copy;  // what `integers` refers to when they had to be changed

  std::size_t blocks() const { return (rows + kBlockRows - 1) / kBlockRows; }
  std::size_t BlockRowCount(std::size_t block) const {
    return std::min(kBlockRows, rows - block * kBlockRows);
  }
};

// Rows [first, first + count) of a column. kUnsupported when the texts of one block exceed 1 GB.
Result<PreparedColumn> PrepareColumn(const ColumnVector& values, std::size_t first, std::size_t count);

// An encoding made for one column.
struct ColumnEncoder {
  const Encoding* encoding = nullptr;
  std::unique_ptr<IntegerEncoder> integers;
  std::unique_ptr<StringEncoder> strings;

  Bytes Header() const { return integers ? integers->Header() : strings->Header(); }

  void EncodeBlock(const PreparedColumn& column, std::size_t block, ByteWriter& out) const {
    const std::size_t begin = block * kBlockRows;
    const std::size_t rows = column.BlockRowCount(block);
    integers ? integers->EncodeBlock(column.integers.subspan(begin, rows), out)
             : strings->EncodeBlock(column.strings.Part(begin, rows), out);
  }
};

// Empty when the encoding does not suit the column.
std::optional<ColumnEncoder> MakeEncoder(const Encoding& encoding, const PreparedColumn& column);
// The one that makes a sample of the column smallest and gains enough over the simpler ones.
ColumnEncoder ChooseEncoder(const PreparedColumn& column);

std::vector<EncodedChunk> WriteChunks(const PreparedColumn& column, const ColumnEncoder& encoder);

}  // namespace levee::columnar
