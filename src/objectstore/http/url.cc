#include "objectstore/http/url.h"

#include <cctype>

#include "base/hex.h"
#include "objectstore/file_uri.h"

namespace levee::objectstore {
namespace {

std::string Encode(std::string_view text, std::string_view also_kept) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (byte < 128 && std::isalnum(byte) != 0) || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved || also_kept.contains(c)) {
      encoded.push_back(c);
    } else {
      AppendPercent(encoded, byte);
    }
  }
  return encoded;
}

}  // namespace

std::string PercentEncode(std::string_view text) { return Encode(text, ""); }
std::string PercentEncodePath(std::string_view path) { return Encode(path, "/"); }

std::string QueryText(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    if (!text.empty()) text += '&';
    text += PercentEncode(name) + '=' + PercentEncode(value);
  }
  return text;
}

bool Endpoint::is_loopback() const {
  const std::string_view host = std::string_view(authority).substr(0, authority.rfind(':'));
  return authority.starts_with("[::1]") || host == "localhost" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

Result<Endpoint> ParseEndpoint(std::string_view url, const std::string& setting, bool allow_http,
                               const std::string& allow_http_setting) {
  // The text itself stays out of the message: it may hold a password.
  const auto refuse = [&](const std::string& why, const std::string& hint) {
    return Fail(ErrorCode::kInvalidArgument, setting, why, hint);
  };
  Endpoint endpoint{.scheme = UriScheme(url)};
  if (endpoint.scheme != "http" && endpoint.scheme != "https") {
    return refuse("it is no http:// or https:// address", "write https://host or https://host:port");
  }
  std::string_view rest = url.substr(endpoint.scheme.size() + 3);
  if (rest.find_first_of("?#@ \t\r\n") != std::string_view::npos) {
    return refuse("it must hold a host and a path only", "write https://host or https://host:port");
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  endpoint.authority = rest.substr(0, slash);
  endpoint.path = rest.substr(slash);
  if (endpoint.authority.empty()) return refuse("it names no host", "write https://host or https://host:port");
  if (endpoint.scheme == "http" && !allow_http && !endpoint.is_loopback()) {
    return refuse("it is http://, which anybody on the way can read and change",
                  "use https://, or set " + allow_http_setting + "=true");
  }
  return endpoint;
}

}  // namespace levee::objectstore
