// The checksum of an item's content.
#pragma once

#include <string>
#include <string_view>

namespace levee::memory {

// XXH3 of 64 bits as 16 hexadecimal digits.
std::string ChecksumOf(std::string_view content);

}  // namespace levee::memory
