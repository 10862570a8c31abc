// The parts of an encoded block; see docs/formats/segment.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/chunk_format.h"
#include "columnar/segment.h"

namespace levee::columnar {

// A bit a row of a block.
using Validity = std::array<std::uint64_t, kBlockRows / 64>;

// Refers to the bytes it was parsed from.
struct BlockView {
  BlockNulls nulls = BlockNulls::kNone;
  Validity validity{};  // all zero for kNone and kAll
  ByteSpan values;
};

Result<BlockView> ParseBlock(ByteSpan bytes, std::size_t rows);

}  // namespace levee::columnar
