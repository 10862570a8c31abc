#include "memory/model/checksum.h"

#include <cstdint>

#include "base/hash.h"
#include "base/hex.h"

namespace levee::memory {

std::string ChecksumOf(std::string_view content) {
  const std::uint64_t hash = Hash64(content);
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kHexDigits[hash >> shift & 15];
  return text;
}

}  // namespace levee::memory
