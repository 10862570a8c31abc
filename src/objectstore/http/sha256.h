// SHA-256 (FIPS 180-4), HMAC (RFC 2104) and the texts that their results are sent as. Signing takes a few hundred bytes
// at a time, so there is no need of a library that each start of the program would pay for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::objectstore {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest Sha256(std::string_view bytes);
Sha256Digest HmacSha256(std::string_view key, std::string_view message);

inline std::string_view AsText(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// RFC 4648, with padding.
std::string Base64(std::string_view bytes);
// The alphabet for URLs, without padding, as JSON web tokens have it.
std::string Base64Url(std::string_view bytes);
// Empty for what is no Base64 with padding.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace levee::objectstore
