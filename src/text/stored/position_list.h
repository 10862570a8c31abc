// Positions of a token's occurrences: docs/formats/postings.md#positions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace levee::text {

// `positions` of each row after those of the one before, ascending; `counts` says how many a row has.
void EncodePositions(std::span<const std::uint32_t> counts, std::span<const std::uint32_t> positions, ByteWriter& out);

// Appends those of the postings `wanted`, ascending. False: the bytes do not follow the format.
[[nodiscard]] bool DecodePositions(ByteSpan bytes, std::span<const std::uint32_t> counts,
                                   std::span<const std::uint32_t> wanted, std::vector<std::uint32_t>& out);

}  // namespace levee::text
