// The places where keys for AWS may be, one a file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "objectstore/http/s3/aws_credentials.h"

namespace levee::objectstore {

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
std::unique_ptr<AwsKeySource> MakeEnvironmentKeys(const settings::EnvironmentLookup& environment);

// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME, AWS_ENDPOINT_URL_STS.
std::unique_ptr<AwsKeySource> MakeWebIdentityKeys(const RetryContext& context,
                                                  const settings::EnvironmentLookup& environment,
                                                  const std::string& region);

// ~/.aws/credentials and ~/.aws/config, or the files that AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE name; the
// profile that AWS_PROFILE names. kUnsupported for profiles that get their keys elsewhere.
std::unique_ptr<AwsKeySource> MakeProfileKeys(const settings::EnvironmentLookup& environment);

// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN or _TOKEN_FILE.
std::unique_ptr<AwsKeySource> MakeContainerKeys(const RetryContext& context,
                                                const settings::EnvironmentLookup& environment);

// 169.254.169.254 or AWS_EC2_METADATA_SERVICE_ENDPOINT; none with AWS_EC2_METADATA_DISABLED=true.
std::unique_ptr<AwsKeySource> MakeInstanceKeys(const RetryContext& context,
                                               const settings::EnvironmentLookup& environment);

// All of them, in the order in which they are asked.
std::vector<std::unique_ptr<AwsKeySource>> AwsKeySources(const RetryContext& context,
                                                         const settings::EnvironmentLookup& environment,
                                                         const std::string& region);

}  // namespace levee::objectstore
