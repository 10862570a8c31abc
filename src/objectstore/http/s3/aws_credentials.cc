#include "objectstore/http/s3/aws_credentials.h"

#include "objectstore/http/s3/aws_key_sources.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {

std::shared_ptr<AwsCredentials> SharedAwsCredentials(const RetryContext& context,
                                                     const settings::EnvironmentLookup& environment,
                                                     const std::string& region) {
  static auto* const shared = new SharedChains<AwsKeys>;
  const std::string inputs = AllOf(
      environment, {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
                    "AWS_DEFAULT_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "HOME",
                    "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_ENDPOINT_URL_STS",
                    "AWS_ALLOW_HTTP", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                    "AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT"});
  return shared->Get(region + inputs, [&] {
    return std::make_shared<AwsCredentials>(
        AwsKeySources(context, environment, region), context.clock, "AWS credentials",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or AWS_SKIP_SIGNATURE=true for a public bucket");
  });
}

}  // namespace levee::objectstore
