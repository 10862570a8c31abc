// Parts that blocks of strings share: their lengths, and room in the output.
#pragma once

#include <array>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/encodings/encoding.h"
#include "columnar/segment.h"

namespace levee::columnar {

// The most bytes of text that one block may decode to; beyond it a block counts as corrupt.
inline constexpr std::size_t kBlockTextBytesMax = std::size_t{1} << 30;

// Appends the strings' lengths, packed.
void PutLengths(const StringSlice& values, ByteWriter& out);

// The lengths of a block's strings. `lengths[i]` is checked to be at most 4 GB, the sum to be at most
// kBlockTextBytesMax.
struct BlockLengths {
  std::array<std::int64_t, kBlockRows> lengths;
  std::size_t total = 0;
};
Status ReadLengths(ByteReader& reader, std::size_t rows, BlockLengths& out);

// Makes `out` longer by `size` bytes, not initialised, and gives their place. An error when offsets
// would no longer fit in 32 bits.
Result<char*> GrowText(StringValues& out, std::size_t size);

// Appends the offsets of `rows` strings of these lengths; their bytes were or will be written.
void AppendOffsets(std::span<const std::int64_t> lengths, StringValues& out);

}  // namespace levee::columnar
