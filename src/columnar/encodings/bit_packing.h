// Unsigned integers of a fixed number of bits, one after the other.
//
// A full block (kBlockRows values) is laid out in 16 lanes of 64-bit words: value i stands in lane i % 16 at
// bit (i / 16) * width of that lane, and word k of lane l is word k * 16 + l of the block. One shift
// then serves 16 neighbouring values at once, so any vector unit unpacks it without a table for each
// width (the idea of the FastLanes layout: Afroozeh and Boncz, VLDB 2023). Any other count of values
// is packed back to back, low bits first, so that short runs take no more bytes than they need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "columnar/bound_kernels.h"

namespace levee::columnar {

// Bytes that `count` values of `width` bits (0 to 64) take.
std::size_t PackedSize(std::size_t count, unsigned width);

// Packs values below 2^width. `out` holds PackedSize bytes, all zero.
void PackBits(const std::uint64_t* values, std::size_t count, unsigned width, std::uint8_t* out);

// out[i] = base + factor * value i, modulo 2^64. `packed` holds PackedSize(count, width) bytes.
struct UnpackPlan {
  unsigned width = 0;
  std::uint64_t base = 0;
  std::uint64_t factor = 1;
};
void UnpackBits(const std::uint8_t* packed, std::size_t count, const UnpackPlan& plan, std::int64_t* out);

// Clears in `kept`, a bit a value of a full block, those below `limit` (kAtLeast) or above it (kAtMost), as they
// stand in the bits: without base and factor. width is at most 63. Words that are zero are passed over.
void KeepPacked(const std::uint8_t* packed, unsigned width, Keep keep, std::uint64_t limit,
                std::span<std::uint64_t> kept);

// Value `row` alone, without base and factor.
std::uint64_t UnpackBit(const std::uint8_t* packed, std::size_t count, unsigned width, std::size_t row);

}  // namespace levee::columnar
