#include "types/file_key.h"

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace levee::types {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsEscape(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && HexDigit(text[at + 1]) >= 0 &&
         HexDigit(text[at + 2]) >= 0;
}

bool StartsWithFileScheme(std::string_view path) {
  constexpr std::string_view kScheme = "file:/";
  if (path.size() < kScheme.size()) return false;
  return std::ranges::equal(path.substr(0, kScheme.size()), kScheme, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

// The path without "file:", "file://" or "file://localhost"; the authority of another machine stays.
std::string_view WithoutFileScheme(std::string_view path) {
  if (!StartsWithFileScheme(path)) return path;
  const std::string_view rest = path.substr(5);
  if (!rest.starts_with("//")) return rest;
  constexpr std::string_view kLocalHost = "//localhost/";
  if (rest.starts_with(kLocalHost)) return rest.substr(kLocalHost.size() - 1);
  return rest.starts_with("///") ? rest.substr(2) : path;
}

// True if CanonicalPath would return the text as it is.
bool IsCanonical(std::string_view path) {
  return path.find('%') == std::string_view::npos && !StartsWithFileScheme(path);
}

}  // namespace

std::string CanonicalPath(std::string_view path) {
  const std::string_view stripped = WithoutFileScheme(path);
  std::string canonical;
  canonical.reserve(stripped.size());
  for (std::size_t i = 0; i < stripped.size(); ++i) {
    if (IsEscape(stripped, i)) {
      canonical += static_cast<char>(HexDigit(stripped[i + 1]) * 16 + HexDigit(stripped[i + 2]));
      i += 2;
    } else {
      canonical += stripped[i];
    }
  }
  return canonical;
}

std::string DvUniqueId(std::string_view storage_type, std::string_view path_or_inline,
                       std::optional<std::int64_t> offset) {
  std::string id;
  if (storage_type.empty()) return id;
  id.reserve(storage_type.size() + path_or_inline.size() + 21);
  id += storage_type;
  id += path_or_inline;
  if (offset) id += "@" + std::to_string(*offset);
  return id;
}

std::uint64_t FileKeyHash(std::string_view path, std::string_view dv_unique_id) {
  std::string decoded;
  if (!IsCanonical(path)) {
    decoded = CanonicalPath(path);
    path = decoded;
  }
  const std::size_t size = path.size() + 1 + dv_unique_id.size();
  std::array<char, 512> buffer;
  std::string long_key;
  char* key = buffer.data();
  if (size > buffer.size()) {
    long_key.resize(size);
    key = long_key.data();
  }
  char* at = std::ranges::copy(path, key).out;
  *at++ = '\0';
  std::ranges::copy(dv_unique_id, at);
  return Hash64({key, size});
}

}  // namespace levee::types
