// URIs of tables in clouds.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace levee::objectstore {

// "s3://bucket/a%20b/" apart.
struct CloudUri {
  std::string scheme;     // in lower case
  std::string authority;  // "bucket", "container@account.host"
  std::string key;        // "a b": decoded, without slashes around it; may be empty

  // Authority and key behind a scheme, encoded.
  std::string Text(std::string_view with_scheme) const;
};

// kInvalidArgument without an authority, for a key with empty parts, "." or "..", and for '%' without two digits.
Result<CloudUri> ParseCloudUri(std::string_view uri);

// kInvalidArgument unless a bucket's (or container's) name has letters, digits, '-', '.' and '_' only. The name itself
// stays out of the error: what stands before an '@' may be a password.
Status CheckBucketName(std::string_view bucket, std::string_view scheme);

}  // namespace levee::objectstore
