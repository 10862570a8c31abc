#include "objectstore/http/s3/aws_key_sources.h"

namespace levee::objectstore {

std::vector<std::unique_ptr<AwsKeySource>> AwsKeySources(const RetryContext& context,
                                                         const settings::EnvironmentLookup& environment,
                                                         const std::string& region) {
  std::vector<std::unique_ptr<AwsKeySource>> sources;
  sources.push_back(MakeEnvironmentKeys(environment));
  sources.push_back(MakeWebIdentityKeys(context, environment, region));
  sources.push_back(MakeProfileKeys(environment));
  sources.push_back(MakeContainerKeys(context, environment));
  sources.push_back(MakeInstanceKeys(context, environment));
  return sources;
}

}  // namespace levee::objectstore
