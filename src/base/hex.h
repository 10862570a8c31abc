// Bytes as hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace levee {

inline constexpr std::string_view kHexDigits = "0123456789abcdef";

// "2f".
inline void AppendHex(std::string& out, unsigned char byte) { out.append({kHexDigits[byte >> 4], kHexDigits[byte & 15]}); }

// "%2F", as URIs have it.
inline void AppendPercent(std::string& out, unsigned char byte) {
  constexpr std::string_view kUpper = "0123456789ABCDEF";
  out.append({'%', kUpper[byte >> 4], kUpper[byte & 15]});
}

// Two digits for each byte.
inline std::string HexOf(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) AppendHex(text, static_cast<unsigned char>(byte));
  return text;
}

}  // namespace levee
