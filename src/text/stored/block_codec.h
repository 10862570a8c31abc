// Blocks of 128 unsigned integers of at most 16 bits, packed in 8 lanes of 16-bit words: value i stands in lane i % 8 at bit
// (i / 8) * width of that lane, and word k of lane l is word k * 8 + l of the block. A vector unit unpacks 8 values at once.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace levee::text {

inline constexpr std::uint32_t kBlock = 128;
inline constexpr unsigned kBlockWidthMax = 16;

constexpr std::size_t PackedBlockBytes(unsigned width) { return std::size_t{width} * (kBlock / 8); }

// kBlock values below 2^width; `out` has PackedBlockBytes.
void PackBlock(const std::uint16_t* values, unsigned width, std::uint8_t* out);
// width is at most kBlockWidthMax.
void UnpackBlock(const std::uint8_t* packed, unsigned width, std::uint16_t* out);

// Any number of values back to back, low bits first; width is at most 32.
constexpr std::size_t PackedRunBytes(std::size_t count, unsigned width) { return (count * width + 7) / 8; }
void PackRun(const std::uint32_t* values, std::size_t count, unsigned width, std::uint8_t* out);
void UnpackRun(const std::uint8_t* packed, std::size_t count, unsigned width, std::uint32_t* out);

// Either: at most kBlock values, in lanes where they fill them and fit.
constexpr bool IsInLanes(std::size_t count, unsigned width) { return count == kBlock && width <= kBlockWidthMax; }
constexpr std::size_t PackedBytes(std::size_t count, unsigned width) {
  return IsInLanes(count, width) ? PackedBlockBytes(width) : PackedRunBytes(count, width);
}
void PutPacked(const std::uint32_t* values, std::size_t count, unsigned width, ByteWriter& out);
void ReadPacked(const std::uint8_t* packed, std::size_t count, unsigned width, std::uint32_t* out);

}  // namespace levee::text
