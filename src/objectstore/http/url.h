// The parts of URLs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace levee::objectstore {

// Everything but letters, digits and "-._~" as %XX.
std::string PercentEncode(std::string_view text);
// Likewise, with '/' as it is.
std::string PercentEncodePath(std::string_view path);

// In the order given, "name=value" with both encoded, joined by '&'.
std::string QueryText(const std::vector<std::pair<std::string, std::string>>& parameters);

// "https://host:9000/base" apart.
struct Endpoint {
  std::string scheme;     // "http" or "https"
  std::string authority;  // "host:9000"
  std::string path;       // "/base", as it was written, without a slash at the end; may be empty

  std::string text() const { return scheme + "://" + authority + path; }
  // Whether it is this machine's own: localhost, 127.x.y.z or [::1].
  bool is_loopback() const;
};

// kInvalidArgument, named after `setting`, for anything but http:// or https:// with a host, and for one that holds a
// user's name, a query or a fragment. Plain http is refused unless it goes to this machine or `allow_http`.
Result<Endpoint> ParseEndpoint(std::string_view url, const std::string& setting, bool allow_http,
                               const std::string& allow_http_setting);

}  // namespace levee::objectstore
