// Integers near zero, of either sign, as small ones without: 0, -1, 1, -2, ... are 0, 1, 2, 3, ...
#pragma once

#include <cstdint>

namespace levee {

inline std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace levee
