// What each encoding would make of a column: for `bench encodings`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "columnar/column_vector.h"

namespace levee::columnar {

struct EncodingTrial {
  std::string_view encoding;
  bool random_access = false;     // single rows decode without the rest of their block
  bool chosen = false;            // a segment of these rows would take it
  std::size_t encoded_bytes = 0;  // with directories, checksums and bitmaps of nulls
  std::int64_t encode_ns = 0, decode_ns = 0;
};

// Encodes and decodes rows [first, first + count), at most kSegmentRowsMax, by every encoding that suits them, in the
// order of the table of encodings. kInternal when what comes back is not what went in.
Result<std::vector<EncodingTrial>> TryEncodings(const ColumnVector& values, std::size_t first, std::size_t count,
                                                Clock& clock);

// Bytes of those values as they stand in memory: 8 a number, 4 and its text a string.
std::size_t PlainBytes(const ColumnVector& values, std::size_t first, std::size_t count);

}  // namespace levee::columnar
