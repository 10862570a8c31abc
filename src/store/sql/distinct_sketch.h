// How many values differ, in half a kilobyte: HyperLogLog (Flajolet et al., 2007) with 512 registers, whose
// standard error is 4.6 %; below 1,280 values linear counting, which is better.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace levee::store {

class DistinctSketch {
 public:
  static constexpr std::size_t kRegisters = 512;

  // `hash`: 64 well mixed bits of a value.
  void Add(std::uint64_t hash) {
    const std::uint64_t rest = hash << kIndexBits | std::uint64_t{1} << (kIndexBits - 1);
    std::uint8_t& value = registers_[hash >> (64 - kIndexBits)];
    value = std::max(value, static_cast<std::uint8_t>(std::countl_zero(rest) + 1));
  }

  // Counts what either has seen.
  void Merge(const DistinctSketch& other) {
    for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
  }

  double Estimate() const {
    constexpr double kCount = kRegisters;
    constexpr double kAlpha = 0.7213 / (1 + 1.079 / kCount);
    double sum = 0;
    std::size_t empty = 0;
    for (const std::uint8_t value : registers_) {
      sum += std::ldexp(1.0, -value);
      empty += value == 0 ? 1 : 0;
    }
    const double estimate = kAlpha * kCount * kCount / sum;
    if (estimate > 2.5 * kCount || empty == 0) return estimate;
    return kCount * std::log(kCount / static_cast<double>(empty));
  }

  std::array<std::uint8_t, kRegisters>& registers() { return registers_; }
  const std::array<std::uint8_t, kRegisters>& registers() const { return registers_; }

 private:
  static constexpr int kIndexBits = 9;
  std::array<std::uint8_t, kRegisters> registers_{};
};

}  // namespace levee::store
