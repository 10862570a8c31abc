#include "objectstore/file_uri.h"

#include <cctype>
#include <filesystem>
#include <system_error>

#include "base/hex.h"

namespace levee::objectstore {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsSchemeText(std::string_view text) {
  if (text.empty() || !std::isalpha(static_cast<unsigned char>(text[0]))) return false;
  for (const char c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

// The characters that RFC 3986 lets stand in a path as they are.
bool StandsInUriPath(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

// The path of "file:/x", "file:///x" and "file://localhost/x", still encoded.
Result<std::string_view> PathOfFileUri(std::string_view uri) {
  std::string_view rest = uri.substr(5);
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::size_t slash = rest.find('/');
    const std::string_view host = rest.substr(0, slash);
    if (!host.empty() && host != "localhost") {
      return Fail(ErrorCode::kInvalidArgument, std::string(uri), "a file: URI must not name a host",
                  "write file:///path");
    }
    rest = slash == std::string_view::npos ? std::string_view("/") : rest.substr(slash);
  }
  if (!rest.starts_with('/')) {
    return Fail(ErrorCode::kInvalidArgument, std::string(uri), "a file: URI needs an absolute path",
                "write file:///path");
  }
  return rest;
}

}  // namespace

std::string UriScheme(std::string_view path_or_uri) {
  const std::size_t colon = path_or_uri.find(':');
  if (colon == std::string_view::npos || !IsSchemeText(path_or_uri.substr(0, colon))) return {};
  std::string scheme(path_or_uri.substr(0, colon));
  for (char& c : scheme) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  // "a:b" is a fine file name; only file: is known to come without an authority.
  const bool has_authority = path_or_uri.substr(colon).starts_with("://");
  const bool is_file = scheme == "file" && path_or_uri.substr(colon).starts_with(":/");
  return has_authority || is_file ? scheme : std::string();
}

Result<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) {
      return Fail(ErrorCode::kInvalidArgument, std::string(text), "'%' must be followed by two digits",
                  "write %25 for a percent sign");
    }
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

Result<std::string> LocalPath(std::string_view path_or_uri) {
  std::string path(path_or_uri);
  if (UriScheme(path_or_uri) == "file") {
    LEVEE_ASSIGN(const std::string_view encoded, PathOfFileUri(path_or_uri));
    LEVEE_ASSIGN(path, PercentDecode(encoded));
  }
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument, "path", path.empty() ? "it is empty" : "it holds a zero byte");
  }
  std::error_code error;
  std::filesystem::path resolved = std::filesystem::weakly_canonical(path, error);
  if (error) return Fail(ErrorCode::kIo, path, error.message());
  // A path that does not exist at all stays as it was written.
  if (resolved.is_relative()) resolved = std::filesystem::absolute(resolved, error).lexically_normal();
  if (error) return Fail(ErrorCode::kIo, path, error.message());
  std::string text = resolved.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string EncodeUriPath(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    if (StandsInUriPath(c)) {
      uri.push_back(c);
    } else {
      AppendPercent(uri, static_cast<unsigned char>(c));
    }
  }
  return uri;
}

std::string FileUri(std::string_view absolute_path) { return "file://" + EncodeUriPath(absolute_path); }

}  // namespace levee::objectstore
