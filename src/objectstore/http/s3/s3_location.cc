#include "objectstore/http/s3/s3_location.h"

#include "objectstore/http/cloud_uri.h"
#include "objectstore/http/s3/aws_profile.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
std::string S3Location::BaseUrl() const {
  Endpoint server = endpoint.value_or(Endpoint{});
  if (!endpoint) {
    const bool china = region.starts_with("cn-");
    server = {.scheme = "https", .authority = "s3." + region + (china ? ".amazonaws.com.cn" : ".amazonaws.com"), .path = {}};
  }
  if (bucket_in_host) return server.scheme + "://" + bucket + "." + server.authority + server.path;
  return server.text() + "/" + bucket;
}

Result<S3Location> ReadS3Location(std::string_view bucket, const settings::EnvironmentLookup& environment) {
  LEVEE_RETURN_IF_ERROR(CheckBucketName(bucket, "s3"));
  S3Location location{.bucket = std::string(bucket)};
  if (const std::string region = FirstOf(environment, {"AWS_REGION", "AWS_DEFAULT_REGION"}); !region.empty()) {
    location.region = region;
    location.region_given = true;
  }
  // A file that cannot be read is told where its keys are needed.
  const auto profile = ReadAwsProfile(environment);
  if (!location.region_given && profile && !profile->Value("region").empty()) {
    location.region = profile->Value("region");
    location.region_given = true;
  }
  LEVEE_ASSIGN(const bool allow_http, SwitchOf(environment, "AWS_ALLOW_HTTP", false));
  for (const std::string name : {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"}) {
    const std::string url = environment(name).value_or("");
    if (url.empty()) continue;
    LEVEE_ASSIGN(location.endpoint, ParseEndpoint(url, name, allow_http, "AWS_ALLOW_HTTP"));
    break;
  }
  // A certificate for *.host does not cover a bucket with dots.
  const bool in_host = !location.endpoint && bucket.find('.') == std::string_view::npos;
  LEVEE_ASSIGN(location.bucket_in_host, SwitchOf(environment, "AWS_VIRTUAL_HOSTED_STYLE_REQUEST", in_host));
  LEVEE_ASSIGN(location.skip_signature, SwitchOf(environment, "AWS_SKIP_SIGNATURE", false));
  location.requester_pays = environment("AWS_REQUEST_PAYER").value_or("") == "requester";
  return location;
}

}  // namespace levee::objectstore
