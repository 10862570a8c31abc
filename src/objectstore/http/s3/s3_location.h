// Where a bucket is, as the environment and the profile say it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "objectstore/http/url.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

struct S3Location {
  std::string bucket;
  std::string region = "us-east-1";
  bool region_given = false;         // else what the server says of it is taken
  std::optional<Endpoint> endpoint;  // empty: Amazon's own
  bool bucket_in_host = true;        // "https://bucket.host/key" instead of "https://host/bucket/key"
  bool skip_signature = false;
  bool requester_pays = false;

  // "https://host/bucket" or "https://bucket.host", without a slash at its end.
  std::string BaseUrl() const;
};

// AWS_REGION or AWS_DEFAULT_REGION or the profile's, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_ALLOW_HTTP,
// AWS_VIRTUAL_HOSTED_STYLE_REQUEST, AWS_SKIP_SIGNATURE, AWS_REQUEST_PAYER. kInvalidArgument names the variable.
Result<S3Location> ReadS3Location(std::string_view bucket, const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore
