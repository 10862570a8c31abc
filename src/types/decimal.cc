// Decimals: an unscaled 128-bit integer and a scale that the type holds.
#include <algorithm>

#include "types/text_cursor.h"
#include "types/value.h"

namespace levee::types {
namespace {

__extension__ typedef unsigned __int128 UInt128;

constexpr UInt128 PowerOfTen(int exponent) {
  UInt128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

constexpr int kMaxDigits = 38;
constexpr UInt128 kLimit = PowerOfTen(kMaxDigits);
constexpr UInt128 kSignBit = UInt128{1} << 127;
// An exponent beyond this decides alone; the bound keeps sums of exponents from overflowing.
constexpr std::int64_t kMaxExponent = 1'000'000'000;

// Multiplies by 10^exponent; false when the result has more than 38 digits.
bool ShiftLeft(UInt128& value, std::int64_t exponent) {
  if (value == 0) return true;
  if (exponent > kMaxDigits) return false;
  for (; exponent > 0; --exponent) {
    if (value >= kLimit / 10) return false;
    value *= 10;
  }
  return true;
}

// A number as value * 10^exponent, where value does not end in 0.
struct Digits {
  UInt128 value = 0;
  std::int64_t exponent = 0;
};

std::optional<Digits> TakeDigits(TextCursor& cursor) {
  Digits digits;
  std::int64_t zeros = 0;  // read, but only counted: they may be the last digits
  bool any = false;
  bool in_fraction = false;
  for (; !cursor.done(); ++cursor.at) {
    if (*cursor.at == '.' && !in_fraction) {
      in_fraction = true;
      continue;
    }
    if (!cursor.NextIsDigit()) break;
    any = true;
    if (in_fraction) --digits.exponent;
    if (*cursor.at == '0') {
      ++zeros;
      continue;
    }
    if (!ShiftLeft(digits.value, zeros + 1)) return {};
    digits.value += static_cast<unsigned>(*cursor.at - '0');
    zeros = 0;
  }
  if (!any) return {};
  digits.exponent += zeros;
  return digits;
}

// "e-3", or nothing (0).
std::optional<std::int64_t> TakeExponent(TextCursor& cursor) {
  if (!cursor.Take('e') && !cursor.Take('E')) return 0;
  const bool negative = cursor.Take('-');
  if (!negative) cursor.Take('+');
  if (!cursor.NextIsDigit()) return {};
  std::int64_t exponent = 0;
  for (; cursor.NextIsDigit(); ++cursor.at) {
    exponent = std::min(exponent * 10 + (*cursor.at - '0'), kMaxExponent);
  }
  return negative ? -exponent : exponent;
}

}  // namespace

std::string EncodeWideDecimal(Int128 unscaled) {
  const UInt128 ordered = static_cast<UInt128>(unscaled) ^ kSignBit;
  std::string bytes(16, '\0');
  for (int i = 0; i < 16; ++i) bytes[i] = static_cast<char>(ordered >> (120 - 8 * i));
  return bytes;
}

Int128 DecodeWideDecimal(std::string_view bytes) {
  UInt128 ordered = 0;
  for (const char byte : bytes.substr(0, 16)) ordered = ordered << 8 | static_cast<unsigned char>(byte);
  return static_cast<Int128>(ordered ^ kSignBit);
}

std::optional<Int128> ParseDecimal(std::string_view text, int scale) {
  TextCursor cursor(text);
  const bool negative = cursor.Take('-');
  if (!negative) cursor.Take('+');
  auto digits = TakeDigits(cursor);
  if (!digits) return {};
  const auto exponent = TakeExponent(cursor);
  if (!exponent || !cursor.done()) return {};
  if (digits->value == 0) return 0;
  // Below zero the last digit, which is not 0, would be lost.
  const std::int64_t shift = digits->exponent + *exponent + scale;
  if (shift < 0 || !ShiftLeft(digits->value, shift)) return {};
  const auto unscaled = static_cast<Int128>(digits->value);
  return negative ? -unscaled : unscaled;
}

std::string FormatDecimal(Int128 unscaled, int scale) {
  const bool negative = unscaled < 0;
  UInt128 rest = negative ? -static_cast<UInt128>(unscaled) : static_cast<UInt128>(unscaled);
  char buffer[96];
  char* const end = buffer + sizeof(buffer);
  char* at = end;
  for (int digit = 0; rest != 0 || digit <= scale; ++digit) {
    if (digit == scale && scale > 0) *--at = '.';
    *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (negative) *--at = '-';
  return std::string(at, end);
}

}  // namespace levee::types
