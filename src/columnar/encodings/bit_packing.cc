#include "columnar/encodings/bit_packing.h"

#include <algorithm>
#include <cstring>

#include "base/cpu.h"
#include "columnar/segment.h"

namespace levee::columnar {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kSteps = kBlockRows / kLanes;  // values a lane
static_assert(kSteps == 64, "a lane of `width` words holds 64 values");

// Four lanes; the compiler splits it in two where the machine has 128-bit vectors only.
typedef std::uint64_t Quad __attribute__((vector_size(32)));
constexpr std::size_t kQuads = kLanes / 4;

#define LEVEE_INLINE inline __attribute__((always_inline))

LEVEE_INLINE std::uint64_t LoadWord(const void* from) {
  std::uint64_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}
// By reference: a vector as a result would change the calling convention with the instruction set.
LEVEE_INLINE void LoadQuad(const void* from, Quad& value) { std::memcpy(&value, from, sizeof(value)); }

constexpr std::uint64_t LowMask(unsigned width) { return width == 0 ? 0 : ~std::uint64_t{0} >> (64 - width); }

void PackLanes(const std::uint64_t* values, unsigned width, std::uint8_t* out) {
  for (std::size_t step = 0; step < kSteps; ++step) {
    const std::size_t bit = step * width;
    const unsigned shift = bit & 63;
    std::uint8_t* word = out + (bit >> 6) * kLanes * 8;
    const bool spills = shift + width > 64;
    for (std::size_t quad = 0; quad < kQuads; ++quad) {
      Quad value, low;
      LoadQuad(values + step * kLanes + quad * 4, value);
      LoadQuad(word + quad * 32, low);
      low |= value << shift;
      std::memcpy(word + quad * 32, &low, sizeof(low));
      if (spills) {
        const Quad high = value >> (64 - shift);
        std::memcpy(word + kLanes * 8 + quad * 32, &high, sizeof(high));
      }
    }
  }
}

// One body for both machines: inlined into a function that may use AVX2 and into one that may not.
template <bool kScaled>
LEVEE_INLINE void UnpackLanesBody(const std::uint8_t* packed, const UnpackPlan& plan, std::int64_t* out) {
  const unsigned width = plan.width;
  const Quad mask = Quad{} + LowMask(width);
  const Quad base = Quad{} + plan.base;
  const Quad factor = Quad{} + plan.factor;
  for (std::size_t step = 0; step < kSteps; ++step) {
    const std::size_t bit = step * width;
    const unsigned shift = bit & 63;
    const std::uint8_t* word = packed + (bit >> 6) * kLanes * 8;
    std::int64_t* to = out + step * kLanes;
    if (shift + width <= 64) {
      for (std::size_t quad = 0; quad < kQuads; ++quad) {
        Quad value;
        LoadQuad(word + quad * 32, value);
        value = (value >> shift) & mask;
        value = base + (kScaled ? value * factor : value);
        std::memcpy(to + quad * 4, &value, sizeof(value));
      }
    } else {
      for (std::size_t quad = 0; quad < kQuads; ++quad) {
        Quad value, high;
        LoadQuad(word + quad * 32, value);
        LoadQuad(word + kLanes * 8 + quad * 32, high);
        value = ((value >> shift) | (high << (64 - shift))) & mask;
        value = base + (kScaled ? value * factor : value);
        std::memcpy(to + quad * 4, &value, sizeof(value));
      }
    }
  }
}

LEVEE_INLINE void UnpackLanesEither(const std::uint8_t* packed, const UnpackPlan& plan, std::int64_t* out) {
  if (plan.factor == 1) return UnpackLanesBody<false>(packed, plan, out);
  UnpackLanesBody<true>(packed, plan, out);
}

void UnpackLanesPlain(const std::uint8_t* packed, const UnpackPlan& plan, std::int64_t* out) {
  UnpackLanesEither(packed, plan, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void UnpackLanesAvx2(const std::uint8_t* packed, const UnpackPlan& plan,
                                                     std::int64_t* out) {
  UnpackLanesEither(packed, plan, out);
}
#endif

void UnpackLanes(const std::uint8_t* packed, const UnpackPlan& plan, std::int64_t* out) {
#if defined(__x86_64__)
  static const bool has_avx2 = HasAvx2();
  if (has_avx2) return UnpackLanesAvx2(packed, plan, out);
#endif
  UnpackLanesPlain(packed, plan, out);
}

typedef std::int64_t SignedQuad __attribute__((vector_size(32)));

// As UnpackLanesBody, but each value is compared where it would have been written. Row k of a word leaves bit k in
// lane k % 4; the lanes are put together once.
template <Keep kKeep>
LEVEE_INLINE void KeepLanesBody(const std::uint8_t* packed, unsigned width, std::uint64_t limit, std::uint64_t* kept) {
  constexpr std::size_t kStepsPerWord = 64 / kLanes;
  const Quad mask = Quad{} + LowMask(width);
  const SignedQuad limits = SignedQuad{} + static_cast<std::int64_t>(limit);
  for (std::size_t word = 0; word < kSteps / kStepsPerWord; ++word) {
    if (kept[word] == 0) continue;
    SignedQuad row_bits = {1, 2, 4, 8};
    SignedQuad beyond = {};
    for (std::size_t step = word * kStepsPerWord; step < (word + 1) * kStepsPerWord; ++step) {
      const std::size_t bit = step * width;
      const unsigned shift = bit & 63;
      const std::uint8_t* at = packed + (bit >> 6) * kLanes * 8;
      const bool spills = shift + width > 64;
      for (std::size_t quad = 0; quad < kQuads; ++quad) {
        Quad value;
        LoadQuad(at + quad * 32, value);
        value >>= shift;
        if (spills) {
          Quad high;
          LoadQuad(at + kLanes * 8 + quad * 32, high);
          value |= high << (64 - shift);
        }
        const auto number = reinterpret_cast<SignedQuad>(value & mask);
        beyond |= (kKeep == Keep::kAtLeast ? number < limits : number > limits) & row_bits;
        row_bits <<= 4;
      }
    }
    kept[word] &= ~static_cast<std::uint64_t>(beyond[0] | beyond[1] | beyond[2] | beyond[3]);
  }
}

LEVEE_INLINE void KeepLanesEither(const std::uint8_t* packed, unsigned width, Keep keep, std::uint64_t limit,
                                  std::uint64_t* kept) {
  if (keep == Keep::kAtLeast) return KeepLanesBody<Keep::kAtLeast>(packed, width, limit, kept);
  KeepLanesBody<Keep::kAtMost>(packed, width, limit, kept);
}

void KeepLanesPlain(const std::uint8_t* packed, unsigned width, Keep keep, std::uint64_t limit, std::uint64_t* kept) {
  KeepLanesEither(packed, width, keep, limit, kept);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void KeepLanesAvx2(const std::uint8_t* packed, unsigned width, Keep keep,
                                                   std::uint64_t limit, std::uint64_t* kept) {
  KeepLanesEither(packed, width, keep, limit, kept);
}
#endif

// The value of `width` bits at `bit` of a back-to-back run that ends at `size` bytes.
LEVEE_INLINE std::uint64_t ReadRun(const std::uint8_t* packed, std::size_t size, std::size_t bit,
                                   unsigned width) {
  const std::size_t byte = bit >> 3;
  const unsigned shift = bit & 7;
  if (byte + 9 <= size) [[likely]] {
    std::uint64_t value = LoadWord(packed + byte) >> shift;
    if (shift + width > 64) value |= std::uint64_t{packed[byte + 8]} << (64 - shift);
    return value & LowMask(width);
  }
  std::uint8_t tail[16] = {};
  std::memcpy(tail, packed + byte, std::min<std::size_t>(9, size - byte));
  std::uint64_t value = LoadWord(tail) >> shift;
  if (shift + width > 64) value |= std::uint64_t{tail[8]} << (64 - shift);
  return value & LowMask(width);
}

void PackRun(const std::uint64_t* values, std::size_t count, unsigned width, std::uint8_t* out) {
  std::uint64_t pending = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    pending |= values[i] << bits;
    if (bits + width < 64) {
      bits += width;
      continue;
    }
    std::memcpy(out, &pending, 8);
    out += 8;
    pending = bits == 0 ? 0 : values[i] >> (64 - bits);
    bits = bits + width - 64;
  }
  std::memcpy(out, &pending, (bits + 7) / 8);
}

}  // namespace

std::size_t PackedSize(std::size_t count, unsigned width) { return (count * width + 7) / 8; }

void PackBits(const std::uint64_t* values, std::size_t count, unsigned width, std::uint8_t* out) {
  if (width == 0) return;
  count == kBlockRows ? PackLanes(values, width, out) : PackRun(values, count, width, out);
}

void UnpackBits(const std::uint8_t* packed, std::size_t count, const UnpackPlan& plan, std::int64_t* out) {
  if (plan.width == 0) {
    std::fill_n(out, count, static_cast<std::int64_t>(plan.base));
    return;
  }
  if (count == kBlockRows) return UnpackLanes(packed, plan, out);
  const std::size_t size = PackedSize(count, plan.width);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t value = ReadRun(packed, size, i * plan.width, plan.width);
    out[i] = static_cast<std::int64_t>(plan.base + plan.factor * value);
  }
}

void KeepPacked(const std::uint8_t* packed, unsigned width, Keep keep, std::uint64_t limit,
                std::span<std::uint64_t> kept) {
#if defined(__x86_64__)
  static const bool has_avx2 = HasAvx2();
  if (has_avx2) return KeepLanesAvx2(packed, width, keep, limit, kept.data());
#endif
  KeepLanesPlain(packed, width, keep, limit, kept.data());
}

std::uint64_t UnpackBit(const std::uint8_t* packed, std::size_t count, unsigned width, std::size_t row) {
  if (width == 0) return 0;
  if (count != kBlockRows) return ReadRun(packed, PackedSize(count, width), row * width, width);
  const std::size_t bit = (row / kLanes) * width;
  const unsigned shift = bit & 63;
  const std::uint8_t* word = packed + ((bit >> 6) * kLanes + row % kLanes) * 8;
  std::uint64_t value = LoadWord(word) >> shift;
  if (shift + width > 64) value |= LoadWord(word + kLanes * 8) << (64 - shift);
  return value & LowMask(width);
}

}  // namespace levee::columnar
