#include "columnar/encodings/packed_integers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <vector>

#include "columnar/segment.h"

namespace levee::columnar {
namespace {

// Divides exactly by a constant: by its power of two with a shift, by the odd rest with a
// multiplication by its inverse modulo 2^64. A value that is no multiple gives a quotient out of range.
class ExactDivider {
 public:
  explicit ExactDivider(std::uint64_t divisor) : shift_(std::countr_zero(divisor)) {
    const std::uint64_t odd = divisor >> shift_;
    // Newton's iteration: each step doubles the number of right low bits, from 3.
    inverse_ = odd;
    for (int step = 0; step < 5; ++step) inverse_ *= 2 - odd * inverse_;
    quotient_max_ = ~std::uint64_t{0} / odd;
    low_mask_ = (std::uint64_t{1} << shift_) - 1;
  }
  bool Divides(std::uint64_t value) const {
    return (value & low_mask_) == 0 && (value >> shift_) * inverse_ <= quotient_max_;
  }
  std::uint64_t Quotient(std::uint64_t multiple) const { return (multiple >> shift_) * inverse_; }

 private:
  int shift_;
  std::uint64_t inverse_;
  std::uint64_t quotient_max_;
  std::uint64_t low_mask_;
};

// The greatest common divisor of all differences to `base`; 1 when there is none.
std::uint64_t CommonDivisor(std::span<const std::int64_t> values, std::uint64_t base) {
  std::uint64_t divisor = 0;
  std::size_t i = 0;
  for (; i < values.size() && divisor != 1; ++i) {
    const std::uint64_t difference = static_cast<std::uint64_t>(values[i]) - base;
    if (divisor != 0) {
      // Most columns that have a divisor show it at once: from here on only test.
      const ExactDivider divider(divisor);
      while (i < values.size() && divider.Divides(static_cast<std::uint64_t>(values[i]) - base)) ++i;
      if (i == values.size()) break;
      divisor = std::gcd(divisor, static_cast<std::uint64_t>(values[i]) - base);
    } else {
      divisor = difference;
    }
  }
  return divisor == 0 ? 1 : divisor;
}

void PackDifferences(std::span<const std::int64_t> values, const UnpackPlan& plan, std::uint64_t* scratch,
                     std::uint8_t* out) {
  if (plan.factor == 1) {
    for (std::size_t i = 0; i < values.size(); ++i)
      scratch[i] = static_cast<std::uint64_t>(values[i]) - plan.base;
  } else {
    const ExactDivider divider(plan.factor);
    for (std::size_t i = 0; i < values.size(); ++i) {
      scratch[i] = divider.Quotient(static_cast<std::uint64_t>(values[i]) - plan.base);
    }
  }
  PackBits(scratch, values.size(), plan.width, out);
}

}  // namespace

void PutPackedIntegers(std::span<const std::int64_t> values, ByteWriter& out) {
  std::int64_t lowest = values.empty() ? 0 : values[0];
  std::int64_t highest = lowest;
  for (const std::int64_t value : values) {
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  UnpackPlan plan;
  plan.base = static_cast<std::uint64_t>(lowest);
  const std::uint64_t range = static_cast<std::uint64_t>(highest) - plan.base;
  if (range > 1) plan.factor = CommonDivisor(values, plan.base);
  plan.width = static_cast<unsigned>(std::bit_width(range / plan.factor));

  out.PutVarint(ZigZag(lowest));
  out.PutVarint(plan.factor);
  out.Put(static_cast<std::uint8_t>(plan.width));
  if (plan.width == 0) return;
  const std::size_t at = out.size();
  out.bytes().resize(at + PackedSize(values.size(), plan.width));
  if (values.size() <= kBlockRows) {
    std::array<std::uint64_t, kBlockRows> scratch;
    PackDifferences(values, plan, scratch.data(), out.bytes().data() + at);
  } else {
    std::vector<std::uint64_t> scratch(values.size());
    PackDifferences(values, plan, scratch.data(), out.bytes().data() + at);
  }
}

std::optional<PackedIntegers> PackedIntegers::Parse(ByteReader& reader, std::size_t count) {
  PackedIntegers view;
  view.count_ = count;
  view.plan_.base = static_cast<std::uint64_t>(UnZigZag(reader.GetVarint()));
  view.plan_.factor = reader.GetVarint();
  view.plan_.width = reader.Get<std::uint8_t>();
  if (!reader.ok() || view.plan_.width > 64) return std::nullopt;
  view.bits_ = reader.GetBytes(PackedSize(count, view.plan_.width)).data();
  if (!reader.ok()) return std::nullopt;
  return view;
}

// The limits move into the domain of the bits: base + divisor x bits is at most a limit where the bits are at most
// (limit - base) / divisor, rounded down.
bool PackedIntegers::KeepWithin(const RangeFilter& filter, std::span<std::uint64_t> kept) const {
  const std::uint64_t bits_max = plan_.width == 0 ? 0 : ~std::uint64_t{0} >> (64 - plan_.width);
  const auto lowest = static_cast<std::int64_t>(plan_.base);
  std::uint64_t reach = 0;
  std::int64_t highest = 0;
  // Where the largest number of so many bits is out of range, values could wrap.
  if (__builtin_mul_overflow(bits_max, plan_.factor, &reach)) return false;
  if (__builtin_add_overflow(lowest, reach, &highest)) return false;
  if (!filter.comparable.Covers({lowest, highest})) return false;
  const IntegerRange& keep = filter.keep;
  if (keep.Covers({lowest, highest})) return true;
  if (keep.low > keep.high || keep.low > highest || keep.high < lowest) {
    std::fill(kept.begin(), kept.end(), 0);
    return true;
  }
  // From here on there is a width, so that neither is the divisor 0.
  const std::uint64_t above = keep.low <= lowest ? 0 : static_cast<std::uint64_t>(keep.low) - plan_.base;
  const std::uint64_t least = above / plan_.factor + (above % plan_.factor != 0 ? 1 : 0);
  const std::uint64_t most =
      keep.high >= highest ? bits_max : (static_cast<std::uint64_t>(keep.high) - plan_.base) / plan_.factor;
  if (count_ == kBlockRows && plan_.width < 64) {
    if (least > 0) KeepPacked(bits_, plan_.width, Keep::kAtLeast, least, kept);
    if (most < bits_max) KeepPacked(bits_, plan_.width, Keep::kAtMost, most, kept);
    return true;
  }
  if (count_ > kBlockRows) return false;
  std::array<std::int64_t, kBlockRows> bits;
  UnpackBits(bits_, count_, {.width = plan_.width}, bits.data());
  for (std::size_t row = 0; row < count_; ++row) {
    const auto value = static_cast<std::uint64_t>(bits[row]);
    kept[row / 64] &= ~(std::uint64_t{value < least || value > most} << (row % 64));
  }
  return true;
}

}  // namespace levee::columnar
