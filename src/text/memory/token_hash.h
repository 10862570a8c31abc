// The hash of a token in memory; it reaches no disk.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/hash.h"
#include "text/analysis/analyzer.h"

namespace levee::text {

inline std::uint64_t LoadTokenWord(const char* data, std::uint32_t size) {
  std::uint64_t word;
  std::memcpy(&word, data, sizeof(word));
  return size >= 8 ? word : word & ((std::uint64_t{1} << size * 8) - 1);
}

// `data` is readable for 16 bytes even where the token is shorter; the bytes past it do not count.
inline std::uint64_t HashToken(const char* data, std::uint32_t size) {
  if (size > 16) return Hash64({data, size});
  std::uint64_t hash = (LoadTokenWord(data, size) ^ size) * 0x9e3779b97f4a7c15U;
  if (size > 8) hash = (hash ^ hash >> 29 ^ LoadTokenWord(data + 8, size - 8)) * 0xbf58476d1ce4e5b9U;
  return hash ^ hash >> 32;
}

}  // namespace levee::text
