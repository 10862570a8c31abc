#include "expr/number.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace levee::expr {
namespace {

using types::Int128;

constexpr int kMaxDigits = 38;

constexpr std::array<Int128, kMaxDigits + 1> kPowers = [] {
  std::array<Int128, kMaxDigits + 1> powers{1};
  for (int i = 1; i <= kMaxDigits; ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

bool Fits(Int128 mantissa) { return mantissa < kPowers[kMaxDigits] && mantissa > -kPowers[kMaxDigits]; }

std::optional<Int128> ScaleUp(Int128 mantissa, int digits) {
  Int128 scaled = 0;
  if (mantissa == 0) return scaled;
  if (digits > kMaxDigits || __builtin_mul_overflow(mantissa, kPowers[digits], &scaled) || !Fits(scaled))
    return {};
  return scaled;
}

// Drops zeros at the end of the fraction.
Number Stripped(Number number) {
  while (number.scale > 0 && number.mantissa % 10 == 0) {
    number.mantissa /= 10;
    --number.scale;
  }
  return number;
}

// Both at the larger scale.
struct Aligned {
  Int128 a, b;
  int scale;
};
std::optional<Aligned> Align(Number a, Number b) {
  const int scale = std::max(a.scale, b.scale);
  const auto left = ScaleUp(a.mantissa, scale - a.scale);
  const auto right = ScaleUp(b.mantissa, scale - b.scale);
  if (!left || !right) return {};
  return Aligned{*left, *right, scale};
}

// Plain digits with a point, the usual literal: most need no general parser.
std::optional<Number> ParsePlain(std::string_view text) {
  if (text.empty() || text.size() > 18) return {};
  std::int64_t value = 0;
  int scale = -1;
  for (const char c : text) {
    if (c == '.' && scale < 0) {
      scale = 0;
    } else if (c >= '0' && c <= '9') {
      value = value * 10 + (c - '0');
      if (scale >= 0) ++scale;
    } else {
      return {};
    }
  }
  if (text.size() == 1 && scale == 0) return {};
  return Stripped({value, std::max(scale, 0)});
}

int Sign(Int128 value) { return value < 0 ? -1 : (value > 0 ? 1 : 0); }

}  // namespace

Int128 PowerOfTen(int exponent) { return kPowers[static_cast<std::size_t>(exponent)]; }

std::optional<Number> ParseNumber(std::string_view text) {
  if (const auto plain = ParsePlain(text)) return plain;
  // The fraction's length is not known before the exponent is: the first scale that loses nothing.
  if (const auto whole = types::ParseDecimal(text, 0)) return Number{*whole, 0};
  for (int scale = 1; scale <= kMaxDigits; ++scale) {
    if (const auto mantissa = types::ParseDecimal(text, scale)) return Number{*mantissa, scale};
  }
  return {};
}

std::optional<Number> Add(Number a, Number b) {
  const auto aligned = Align(a, b);
  Int128 sum = 0;
  if (!aligned || __builtin_add_overflow(aligned->a, aligned->b, &sum) || !Fits(sum)) return {};
  return Stripped({sum, aligned->scale});
}

std::optional<Number> Multiply(Number a, Number b) {
  a = Stripped(a);
  b = Stripped(b);
  Number product{0, a.scale + b.scale};
  if (__builtin_mul_overflow(a.mantissa, b.mantissa, &product.mantissa)) return {};
  product = Stripped(product);
  if (!Fits(product.mantissa) || product.scale > kMaxDigits) return {};
  return product;
}

std::optional<Number> Divide(Number a, Number b) {
  b = Stripped(b);
  const auto aligned = Align(a, b);
  if (!aligned) return {};
  for (int scale = 0; scale <= kMaxDigits; ++scale) {
    const auto dividend = ScaleUp(aligned->a, scale);
    if (!dividend) return {};
    if (*dividend % aligned->b == 0) return Number{*dividend / aligned->b, scale};
  }
  return {};
}

std::optional<Number> Remainder(Number a, Number b) {
  const auto aligned = Align(a, b);
  if (!aligned) return {};
  return Stripped({aligned->a % aligned->b, aligned->scale});
}

int Compare(Number a, Number b) {
  const Int128 whole_a = a.mantissa / kPowers[a.scale];
  const Int128 whole_b = b.mantissa / kPowers[b.scale];
  if (whole_a != whole_b) return whole_a < whole_b ? -1 : 1;
  // A fraction has fewer digits than its scale, so that it fits at the larger scale.
  const int scale = std::max(a.scale, b.scale);
  const Int128 fraction_a = a.mantissa % kPowers[a.scale] * kPowers[scale - a.scale];
  const Int128 fraction_b = b.mantissa % kPowers[b.scale] * kPowers[scale - b.scale];
  return Sign(fraction_a - fraction_b);
}

double ToDouble(Number number) {
  constexpr Int128 kExact = Int128{1} << 53;
  // Both parts are exact doubles, so that the division rounds once.
  if (number.mantissa < kExact && number.mantissa > -kExact && number.scale <= 22) {
    return static_cast<double>(static_cast<std::int64_t>(number.mantissa)) /
           static_cast<double>(kPowers[number.scale]);
  }
  return *ParseDouble(types::FormatDecimal(number.mantissa, number.scale));
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return {};
  return value;
}

std::optional<Floor> FloorAtScale(Number number, int scale) {
  if (scale >= number.scale) {
    const auto scaled = ScaleUp(number.mantissa, scale - number.scale);
    if (!scaled) return {};
    return Floor{*scaled, true};
  }
  const Int128 divisor = kPowers[number.scale - scale];
  Floor floor{number.mantissa / divisor, number.mantissa % divisor == 0};
  if (number.mantissa < 0 && !floor.exact) --floor.unscaled;
  return floor;
}

}  // namespace levee::expr
