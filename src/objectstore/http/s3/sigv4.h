// AWS's signature version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <cstdint>
#include <string>

#include "objectstore/http/http_message.h"
#include "objectstore/http/s3/aws_credentials.h"

namespace levee::objectstore {

struct SigningScope {
  std::string region;
  std::string service;       // "s3"
  std::int64_t seconds = 0;  // of the signature, since the epoch
};

// Adds x-amz-date, x-amz-content-sha256, x-amz-security-token and Authorization. The host and all headers that are there
// are signed. The URL's path and query are encoded once, as PercentEncodePath and QueryText do.
void SignV4(HttpRequest& request, const AwsKeys& keys, const SigningScope& scope);

}  // namespace levee::objectstore
