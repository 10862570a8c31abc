#include "text/stored/block_codec.h"

#include <array>
#include <cstring>
#include <utility>

namespace levee::text {
namespace {

typedef std::uint16_t Lanes __attribute__((vector_size(16)));
constexpr std::size_t kSteps = kBlock / 8;

inline Lanes Load(const void* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

template <unsigned kWidth, std::size_t kStep>
inline void UnpackStep(const std::uint8_t* packed, std::uint16_t* out) {
  constexpr std::size_t kBit = kStep * kWidth;
  constexpr unsigned kShift = kBit % 16;
  const std::uint8_t* const word = packed + kBit / 16 * sizeof(Lanes);
  Lanes value = Load(word) >> kShift;
  if constexpr (kShift + kWidth > 16) value |= Load(word + sizeof(Lanes)) << (16 - kShift);
  if constexpr (kWidth < 16) value &= static_cast<std::uint16_t>((1U << kWidth) - 1);
  std::memcpy(out + kStep * 8, &value, sizeof(value));
}

template <unsigned kWidth, std::size_t... kStep>
inline void UnpackSteps(const std::uint8_t* packed, std::uint16_t* out, std::index_sequence<kStep...>) {
  (UnpackStep<kWidth, kStep>(packed, out), ...);
}

template <unsigned kWidth>
void UnpackWidth(const std::uint8_t* packed, std::uint16_t* out) {
  if constexpr (kWidth == 0) {
    std::memset(out, 0, kBlock * sizeof(std::uint16_t));
  } else {
    UnpackSteps<kWidth>(packed, out, std::make_index_sequence<kSteps>());
  }
}

using Unpacker = void (*)(const std::uint8_t*, std::uint16_t*);
template <std::size_t... kWidth>
constexpr std::array<Unpacker, sizeof...(kWidth)> MakeUnpackers(std::index_sequence<kWidth...>) {
  return {UnpackWidth<kWidth>...};
}
constexpr auto kUnpackers = MakeUnpackers(std::make_index_sequence<kBlockWidthMax + 1>());

}  // namespace

void PackBlock(const std::uint16_t* values, unsigned width, std::uint8_t* out) {
  std::memset(out, 0, PackedBlockBytes(width));
  if (width == 0) return;
  for (std::size_t step = 0; step < kSteps; ++step) {
    const std::size_t bit = step * width;
    const unsigned shift = bit % 16;
    std::uint8_t* const word = out + bit / 16 * sizeof(Lanes);
    const Lanes value = Load(values + step * 8);
    const Lanes low = Load(word) | value << shift;
    std::memcpy(word, &low, sizeof(low));
    if (shift + width > 16) {
      const Lanes high = value >> (16 - shift);
      std::memcpy(word + sizeof(Lanes), &high, sizeof(high));
    }
  }
}

void UnpackBlock(const std::uint8_t* packed, unsigned width, std::uint16_t* out) { kUnpackers[width](packed, out); }

void PackRun(const std::uint32_t* values, std::size_t count, unsigned width, std::uint8_t* out) {
  std::uint64_t pending = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    pending |= std::uint64_t{values[i]} << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      *out++ = static_cast<std::uint8_t>(pending);
      pending >>= 8;
    }
  }
  if (bits > 0) *out = static_cast<std::uint8_t>(pending);
}

void UnpackRun(const std::uint8_t* packed, std::size_t count, unsigned width, std::uint32_t* out) {
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  const std::size_t bytes = PackedRunBytes(count, width);
  std::size_t i = 0;
  for (; i < count; ++i) {
    const std::size_t bit = i * width;
    if (bit / 8 + 8 > bytes) break;
    std::uint64_t word;
    std::memcpy(&word, packed + bit / 8, sizeof(word));
    out[i] = static_cast<std::uint32_t>(word >> bit % 8 & mask);
  }
  // The last ones, of which a whole word would reach past the end.
  for (; i < count; ++i) {
    const std::size_t bit = i * width;
    std::uint64_t word = 0;
    if (bit / 8 < bytes) std::memcpy(&word, packed + bit / 8, bytes - bit / 8 < 8 ? bytes - bit / 8 : 8);
    out[i] = static_cast<std::uint32_t>(word >> bit % 8 & mask);
  }
}

void PutPacked(const std::uint32_t* values, std::size_t count, unsigned width, ByteWriter& out) {
  const std::size_t at = out.size();
  out.bytes().resize(at + PackedBytes(count, width));
  std::uint8_t* const to = out.bytes().data() + at;
  if (!IsInLanes(count, width)) return PackRun(values, count, width, to);
  std::uint16_t narrow[kBlock];
  for (std::size_t i = 0; i < kBlock; ++i) narrow[i] = static_cast<std::uint16_t>(values[i]);
  PackBlock(narrow, width, to);
}

void ReadPacked(const std::uint8_t* packed, std::size_t count, unsigned width, std::uint32_t* out) {
  if (!IsInLanes(count, width)) return UnpackRun(packed, count, width, out);
  std::uint16_t narrow[kBlock];
  UnpackBlock(packed, width, narrow);
  for (std::size_t i = 0; i < kBlock; ++i) out[i] = narrow[i];
}

}  // namespace levee::text
