// Names of columns, as Delta tells them apart: not by case. Letters beyond ASCII count as they are written.
#pragma once

#include <algorithm>
#include <string_view>

namespace levee::types {

constexpr char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool SameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, LowerAscii, LowerAscii);
}

}  // namespace levee::types
