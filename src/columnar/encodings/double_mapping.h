// Doubles as integers, so that the integer encodings serve them: without loss, bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "columnar/encodings/integer_range.h"

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

// The integers that stand for numbers, rather than for NaN. Both mappings keep the order of those.
IntegerRange NumbersOf(DoubleMapping mapping);
// Of these the ones whose double is at most (at least) `limit`, which is not NaN.
IntegerRange AtMost(DoubleMapping mapping, double limit);
IntegerRange AtLeast(DoubleMapping mapping, double limit);

// The reverse; `mapping` is a double mapping.
void UnmapDoubles(DoubleMapping mapping, std::span<const std::int64_t> values, double* out);

}  // namespace levee::columnar
