#include "columnar/encodings/double_mapping.h"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

namespace levee::columnar {
namespace {

constexpr double kPowers[kDecimalScaleMax + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
// Every whole double up to here is exact.
constexpr double kWholeMax = 9007199254740992.0;  // 2^53
constexpr std::size_t kSampleValues = 64;

// Flips the lower bits of negative numbers: its own reverse.
std::int64_t TurnBits(std::int64_t bits) {
  return bits ^ static_cast<std::int64_t>(static_cast<std::uint64_t>(bits >> 63) >> 1);
}

// The whole number that stands for `value` at a scale, if the way back gives the same bits (so never for
// NaN, infinities and -0.0).
bool ToWhole(double value, double power, std::int64_t& whole) {
  const double scaled = value * power;
  if (!(std::fabs(scaled) < kWholeMax)) return false;
  whole = std::llrint(scaled);
  return std::bit_cast<std::uint64_t>(static_cast<double>(whole) / power) ==
         std::bit_cast<std::uint64_t>(value);
}

// The smallest scale at which a few of the values are whole; kDecimalScaleMax + 1 for none.
unsigned GuessScale(std::span<const double> values) {
  const std::size_t step = values.size() / kSampleValues + 1;
  unsigned scale = 0;
  for (std::size_t i = 0; i < values.size(); i += step) {
    std::int64_t whole;
    while (scale <= kDecimalScaleMax && !ToWhole(values[i], kPowers[scale], whole)) ++scale;
    if (scale > kDecimalScaleMax) break;
  }
  return scale;
}

bool MapDecimals(std::span<const double> values, unsigned scale, std::int64_t* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!ToWhole(values[i], kPowers[scale], out[i])) return false;
  }
  return true;
}

double Unmapped(DoubleMapping mapping, std::int64_t value) {
  double unmapped = 0;
  UnmapDoubles(mapping, {&value, 1}, &unmapped);
  return unmapped;
}

// How many of the range's first integers satisfy `holds`, which is true up to some place: the last of them, or
// nothing. 64 steps; the exact place is what rounding makes of the limit.
template <typename Holds>
std::optional<std::int64_t> LastOf(const IntegerRange& range, const Holds& holds) {
  if (!holds(range.low)) return std::nullopt;
  std::int64_t last = range.low;
  auto left = static_cast<std::uint64_t>(range.high) - static_cast<std::uint64_t>(range.low);
  while (left > 0) {
    const std::uint64_t step = left - left / 2;
    const auto middle = static_cast<std::int64_t>(static_cast<std::uint64_t>(last) + step);
    if (holds(middle)) {
      last = middle;
      left -= step;
    } else {
      left = step - 1;
    }
  }
  return last;
}

}  // namespace

IntegerRange NumbersOf(DoubleMapping mapping) {
  if (mapping != kOrderedBits) return {};
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {TurnBits(std::bit_cast<std::int64_t>(-kInfinity)), TurnBits(std::bit_cast<std::int64_t>(kInfinity))};
}

IntegerRange AtMost(DoubleMapping mapping, double limit) {
  const IntegerRange all = NumbersOf(mapping);
  const auto last = LastOf(all, [&](std::int64_t value) { return Unmapped(mapping, value) <= limit; });
  return last ? IntegerRange{all.low, *last} : IntegerRange{1, 0};
}

IntegerRange AtLeast(DoubleMapping mapping, double limit) {
  const IntegerRange all = NumbersOf(mapping);
  const auto below = LastOf(all, [&](std::int64_t value) { return Unmapped(mapping, value) < limit; });
  if (!below) return all;
  return *below == all.high ? IntegerRange{1, 0} : IntegerRange{*below + 1, all.high};
}

bool IsDoubleMapping(DoubleMapping mapping) {
  return mapping == kOrderedBits || (mapping >= kDecimalBase && mapping <= kDecimalBase + kDecimalScaleMax);
}

DoubleMapping MapDoubles(std::span<const double> values, std::int64_t* out) {
  for (unsigned scale = GuessScale(values); scale <= kDecimalScaleMax; ++scale) {
    if (MapDecimals(values, scale, out)) return static_cast<DoubleMapping>(kDecimalBase + scale);
  }
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = TurnBits(std::bit_cast<std::int64_t>(values[i]));
  return kOrderedBits;
}

void UnmapDoubles(DoubleMapping mapping, std::span<const std::int64_t> values, double* out) {
  if (mapping == kOrderedBits) {
    for (std::size_t i = 0; i < values.size(); ++i) out[i] = std::bit_cast<double>(TurnBits(values[i]));
    return;
  }
  const double power = kPowers[mapping - kDecimalBase];
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = static_cast<double>(values[i]) / power;
}

}  // namespace levee::columnar
