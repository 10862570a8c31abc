// Doubles as integers, so that the integer encodings serve them: without loss, bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace levee::columnar {

// The number reaches the disk. 0 stands for columns that are no doubles.
//   1       the bits, those of negative numbers turned so that integers order as the doubles do
//   16 + k  the double times 10^k, a whole number; k is at most kDecimalScaleMax
using DoubleMapping = std::uint8_t;

inline constexpr DoubleMapping kNoMapping = 0;
inline constexpr DoubleMapping kOrderedBits = 1;
inline constexpr DoubleMapping kDecimalBase = 16;
inline constexpr unsigned kDecimalScaleMax = 9;

bool IsDoubleMapping(DoubleMapping mapping);

// Maps `values` in the way that gives the smallest integers, and says which it took. `out` has the
// same number of elements.
DoubleMapping MapDoubles(std::span<const double> values, std::int64_t* out);

// The reverse; `mapping` is a double mapping.
void UnmapDoubles(DoubleMapping mapping, std::span<const std::int64_t> values, double* out);

}  // namespace levee::columnar
