// Compares many bounds with one value: 64 rows to a word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace levee::columnar {

// Clears in `words` the rows whose value is below (kAtLeast) or above (kAtMost) the limit, so that
// those at it stay. Words that are zero are passed over. Of words.size() * 64 rows only the first
// values.size() are looked at.
enum class Keep : unsigned char { kAtLeast, kAtMost };

void KeepWithin(std::span<const std::int64_t> values, Keep keep, std::int64_t limit,
                std::span<std::uint64_t> words);
// NaN values stay.
void KeepWithin(std::span<const double> values, Keep keep, double limit, std::span<std::uint64_t> words);

}  // namespace levee::columnar
