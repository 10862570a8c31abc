#include "columnar/bound_kernels.h"

#include <algorithm>
#include <cstring>

#include "base/cpu.h"

namespace levee::columnar {
namespace {

#define LEVEE_INLINE inline __attribute__((always_inline))

template <typename T>
struct Lanes;
template <>
struct Lanes<std::int64_t> {
  typedef std::int64_t Vector __attribute__((vector_size(32)));
};
template <>
struct Lanes<double> {
  typedef double Vector __attribute__((vector_size(32)));
};
typedef std::int64_t Mask __attribute__((vector_size(32)));

// The rows of one full word that are beyond the limit, so that NaN, which compares with nothing, is not.
template <typename T, Keep kKeep>
LEVEE_INLINE std::uint64_t BeyondLimit(const T* values, T limit) {
  using Vector = typename Lanes<T>::Vector;
  const Vector limits = Vector{} + limit;
  // Row k of the word leaves bit k in lane k % 4; the lanes are put together once.
  Mask row_bits = {1, 2, 4, 8};
  Mask beyond = {};
  for (unsigned row = 0; row < 64; row += 4) {
    Vector four;
    std::memcpy(&four, values + row, sizeof(four));
    beyond |= (kKeep == Keep::kAtLeast ? four < limits : four > limits) & row_bits;
    row_bits <<= 4;
  }
  return static_cast<std::uint64_t>(beyond[0] | beyond[1] | beyond[2] | beyond[3]);
}

template <typename T, Keep kKeep>
LEVEE_INLINE void KeepWords(std::span<const T> values, T limit, std::span<std::uint64_t> words) {
  const std::size_t full = values.size() / 64;
  for (std::size_t i = 0; i < full; ++i) {
    if (words[i] != 0) words[i] &= ~BeyondLimit<T, kKeep>(values.data() + i * 64, limit);
  }
  for (std::size_t row = full * 64; row < values.size(); ++row) {
    const bool beyond = kKeep == Keep::kAtLeast ? values[row] < limit : values[row] > limit;
    words[row / 64] &= ~(std::uint64_t{beyond} << (row % 64));
  }
}

template <typename T>
LEVEE_INLINE void KeepEither(std::span<const T> values, Keep keep, T limit, std::span<std::uint64_t> words) {
  keep == Keep::kAtLeast ? KeepWords<T, Keep::kAtLeast>(values, limit, words)
                         : KeepWords<T, Keep::kAtMost>(values, limit, words);
}

template <typename T>
void KeepPlain(std::span<const T> values, Keep keep, T limit, std::span<std::uint64_t> words) {
  KeepEither(values, keep, limit, words);
}

#if defined(__x86_64__)
template <typename T>
__attribute__((target("avx2"))) void KeepAvx2(std::span<const T> values, Keep keep, T limit,
                                              std::span<std::uint64_t> words) {
  KeepEither(values, keep, limit, words);
}
#endif

template <typename T>
void Dispatch(std::span<const T> values, Keep keep, T limit, std::span<std::uint64_t> words) {
#if defined(__x86_64__)
  static const bool has_avx2 = HasAvx2();
  if (has_avx2) return KeepAvx2(values, keep, limit, words);
#endif
  KeepPlain(values, keep, limit, words);
}

}  // namespace

void KeepWithin(std::span<const std::int64_t> values, Keep keep, std::int64_t limit,
                std::span<std::uint64_t> words) {
  Dispatch(values, keep, limit, words);
}

void KeepWithin(std::span<const double> values, Keep keep, double limit, std::span<std::uint64_t> words) {
  Dispatch(values, keep, limit, words);
}

}  // namespace levee::columnar
