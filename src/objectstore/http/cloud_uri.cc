#include "objectstore/http/cloud_uri.h"

#include <algorithm>
#include <cctype>

#include "objectstore/file_uri.h"
#include "objectstore/relative_path.h"

namespace levee::objectstore {

std::string CloudUri::Text(std::string_view with_scheme) const {
  std::string text = std::string(with_scheme) + "://" + authority;
  if (!key.empty()) text += "/" + EncodeUriPath(key);
  return text;
}

Result<CloudUri> ParseCloudUri(std::string_view uri) {
  CloudUri parsed{.scheme = UriScheme(uri)};
  std::string_view rest = uri.substr(std::min(uri.size(), parsed.scheme.size() + 3));
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  parsed.authority = rest.substr(0, slash);
  if (parsed.authority.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the " + parsed.scheme + ":// URI", "it names no bucket",
                "write " + parsed.scheme + "://bucket/path");
  }
  std::string_view key = rest.substr(std::min(rest.size(), slash + 1));
  while (key.ends_with('/')) key.remove_suffix(1);
  LEVEE_ASSIGN(parsed.key, PercentDecode(key));
  if (Status path = CheckRelativePath(parsed.key); !path) {
    return Fail(ErrorCode::kInvalidArgument, "the " + parsed.scheme + ":// URI", "its path has empty parts, '.' or '..'");
  }
  return parsed;
}

Status CheckBucketName(std::string_view bucket, std::string_view scheme) {
  for (const char c : bucket) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '$')) continue;
    return Fail(ErrorCode::kInvalidArgument, "the bucket of the " + std::string(scheme) + ":// URI",
                "it may hold letters, digits, '-', '.' and '_' only",
                "credentials do not belong into a URI, but into the environment");
  }
  return {};
}

}  // namespace levee::objectstore
