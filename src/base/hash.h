// Hashing of bytes with XXH3 (xxhash). Values reach the disk: never change a function here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace levee {

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

// XXH3, 64 bits, seed 0.
std::uint64_t Hash64(std::string_view bytes);

// XXH3, 128 bits, seed 0.
Hash128 HashWide(std::string_view bytes);

// The checksum of stored bytes: the low 32 bits of Hash64.
std::uint32_t Checksum32(std::span<const std::uint8_t> bytes);

}  // namespace levee
