// Decimal and hexadecimal digits written fast: straight into a buffer with room to overshoot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace levee::columnar {

// Writers may write this many bytes past what they return.
inline constexpr std::size_t kWriteSlack = 32;

// The 8 decimal digits of a number below 10^8 as text, first digit in the low byte. Three rounds that
// halve the groups: 4 digits, 2 digits, 1 digit, each on all groups of a 64-bit word at once.
inline std::uint64_t EightDigits(std::uint64_t value) {
  const std::uint64_t fours = value / 10'000 | (value % 10'000) << 32;
  const std::uint64_t hundreds = ((fours * 10'486) >> 20) & 0x0000'007f'0000'007f;
  const std::uint64_t twos = ((fours - 100 * hundreds) << 16) + hundreds;
  const std::uint64_t tens = ((twos * 103) >> 10) & 0x000f'000f'000f'000f;
  return (((twos - 10 * tens) << 8) + tens) | 0x3030'3030'3030'3030;
}

// Writes exactly `digits` digits (1 to 24) of a value below 10^digits, with leading zeros.
inline char* WritePadded(std::uint64_t value, unsigned digits, char* to) {
  constexpr std::uint64_t kEightDigits = 100'000'000;
  if (digits > 8) {
    to = WritePadded(value / kEightDigits, digits - 8, to);
    value %= kEightDigits;
    digits = 8;
  }
  const std::uint64_t text = EightDigits(value) >> (8 * (8 - digits));
  std::memcpy(to, &text, sizeof(text));
  return to + digits;
}

// The number of decimal digits, 1 for 0; value below 10^19.
inline unsigned DigitCount(std::uint64_t value) {
  unsigned digits = 1;
  for (std::uint64_t limit = 10; value >= limit && digits < 19; limit *= 10) ++digits;
  return digits;
}

// Writes 16 bytes as 8-4-4-4-12 lower-case hexadecimal digits.
inline char* WriteUuid(const std::uint8_t* bytes, char* to) {
  typedef std::uint8_t Vector __attribute__((vector_size(16)));
  Vector raw;
  std::memcpy(&raw, bytes, sizeof(raw));
  const Vector high = raw >> 4;
  const Vector low = raw & 0x0f;
  Vector nibbles[2] = {
      __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
      __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)};
  std::uint64_t words[4];
  for (int half = 0; half < 2; ++half) {
    // 'a' is 39 above what follows '9'.
    const Vector letters = reinterpret_cast<Vector>(nibbles[half] > 9) & 39;
    nibbles[half] += letters + '0';
    std::memcpy(words + half * 2, &nibbles[half], sizeof(Vector));
  }
  std::memcpy(to, &words[0], 8);
  const auto put_four = [to](std::size_t at, std::uint64_t text) {
    const auto four = static_cast<std::uint32_t>(text);
    std::memcpy(to + at, &four, sizeof(four));
  };
  put_four(9, words[1]);
  put_four(14, words[1] >> 32);
  put_four(19, words[2]);
  put_four(24, words[2] >> 32);
  std::memcpy(to + 28, &words[3], 8);
  to[8] = to[13] = to[18] = to[23] = '-';
  return to + 36;
}

}  // namespace levee::columnar
