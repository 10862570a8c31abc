// Paths and "file:" URIs (RFC 8089), and what other schemes look like.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace levee::objectstore {

// The scheme of "scheme://rest" or "file:rest" in lower case; empty for a plain path.
std::string UriScheme(std::string_view path_or_uri);

// Undoes percent-encoding. kInvalidArgument for "%" without two hexadecimal digits, or for "%00".
Result<std::string> PercentDecode(std::string_view text);

// The absolute local path that a path or "file:" URI names: symbolic links resolved as far as the path
// exists, no slash at the end (but "/"). kInvalidArgument for an empty path or a URI with a host.
Result<std::string> LocalPath(std::string_view path_or_uri);

// Percent-encodes what RFC 3986 does not let stand in a path as it is.
std::string EncodeUriPath(std::string_view path);

// "file:///data/a%20b" of an absolute path.
std::string FileUri(std::string_view absolute_path);

}  // namespace levee::objectstore
