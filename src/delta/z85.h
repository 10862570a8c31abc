// Z85 (ZeroMQ RFC 32): five printable characters for four bytes.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace levee::delta {

// Empty where `text` is none: an unknown character, an odd length, a value beyond 32 bits.
std::optional<Bytes> DecodeZ85(std::string_view text);

}  // namespace levee::delta
