// Integers as base + divisor * (a few bits): frame of reference with a common divisor.
//
// On disk: base (zigzag varint), divisor (varint, at least 1), width (1 byte, 0 to 64), bits (see
// bit_packing.h). All other integer encodings and the parts of string encodings are made of this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/zigzag.h"
#include "columnar/encodings/bit_packing.h"
#include "columnar/encodings/integer_range.h"

namespace levee::columnar {

// Appends the values; any int64 values are allowed.
void PutPackedIntegers(std::span<const std::int64_t> values, ByteWriter& out);

// A view of values so written; refers to the bytes it was parsed from.
class PackedIntegers {
 public:
  // Empty when the bytes are too short or no such run.
  static std::optional<PackedIntegers> Parse(ByteReader& reader, std::size_t count);

  std::size_t count() const { return count_; }
  bool is_constant() const { return plan_.width == 0; }
  std::int64_t operator[](std::size_t row) const {
    return static_cast<std::int64_t>(plan_.base + plan_.factor * UnpackBit(bits_, count_, plan_.width, row));
  }
  // Writes all values to `out`, which has room for count() of them.
  void Unpack(std::int64_t* out) const { UnpackBits(bits_, count_, plan_, out); }
  // As IntegerDecoder::KeepWithin; at most a block of values.
  bool KeepWithin(const RangeFilter& filter, std::span<std::uint64_t> kept) const;

 private:
  const std::uint8_t* bits_ = nullptr;
  std::size_t count_ = 0;
  UnpackPlan plan_;
};

}  // namespace levee::columnar
