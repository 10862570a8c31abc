// Cuts a string into text, decimal numbers and UUIDs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace levee::columnar {

enum class TokenKind : std::uint8_t {
  kText = 1,
  kNumber = 2,  // 1 to kNumberDigitsMax decimal digits at the end of a word without other digits
  kUuid = 3,    // 8-4-4-4-12 lower-case hexadecimal digits
};

inline constexpr std::size_t kTokensMax = 24;
inline constexpr std::size_t kNumberDigitsMax = 18;
inline constexpr std::size_t kUuidTextSize = 36;
inline constexpr std::size_t kUuidBytes = 16;

struct Tokens {
  std::array<std::string_view, kTokensMax> texts;
  std::array<TokenKind, kTokensMax> kinds;
  std::size_t count = 0;
  // The sequence of kinds as one number: two bits each after a leading 1.
  std::uint64_t shape = 1;
};

// Cuts `text`; the tokens are views into it, back to back. A string with more tokens than kTokensMax
// becomes one text. The empty string has no token.
void Tokenize(std::string_view text, Tokens& tokens);

}  // namespace levee::columnar
