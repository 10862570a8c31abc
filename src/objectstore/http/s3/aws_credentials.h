// Keys for AWS, and who knows them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "objectstore/http/credential_chain.h"
#include "objectstore/http/retry.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

struct AwsKeys {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;               // empty: they are a user's own
  std::optional<std::int64_t> expires_ms;  // since the epoch
};

using AwsKeySource = CredentialSource<AwsKeys>;
using AwsCredentials = CredentialChain<AwsKeys>;

// The usual order: environment, web identity, profile, container, the machine's own. Object stores with equal inputs
// share one, so that keys are fetched once.
std::shared_ptr<AwsCredentials> SharedAwsCredentials(const RetryContext& context,
                                                     const settings::EnvironmentLookup& environment,
                                                     const std::string& region);

}  // namespace levee::objectstore
