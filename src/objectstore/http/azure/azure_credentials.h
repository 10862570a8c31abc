// How requests to Azure are allowed.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "objectstore/http/azure/azure_location.h"
#include "objectstore/http/bearer_token.h"
#include "objectstore/http/http_message.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

// The first of these that the environment has; kUnsupported or kInvalidArgument names the variable that is wrong.
struct AzureCredentials {
  std::string account_key;               // decoded: signs each request
  std::string sas;                       // "sv=..&sig=..": stands in each URL
  std::shared_ptr<BearerTokens> tokens;  // else; null with `skip_signature`
  bool skip_signature = false;

  // "AZURE_STORAGE_ACCOUNT_KEY", "the client secret": for messages.
  std::string source() const;
};

// AZURE_STORAGE_ACCOUNT_KEY (or _ACCESS_KEY), AZURE_STORAGE_SAS_KEY (or _SAS_TOKEN), AZURE_STORAGE_TOKEN, a client's
// secret, a workload's identity, the machine's identity; AZURE_SKIP_SIGNATURE=true leaves them out. The emulator's own
// key where the location is the emulator's and none is given.
Result<AzureCredentials> ReadAzureCredentials(const AzureLocation& location, const RetryContext& context,
                                              const settings::EnvironmentLookup& environment);

// AZURE_STORAGE_CLIENT_ID, _CLIENT_SECRET and _TENANT_ID, each also without STORAGE.
std::unique_ptr<BearerTokenSource> MakeClientSecretToken(const RetryContext& context,
                                                         const settings::EnvironmentLookup& environment);
// AZURE_FEDERATED_TOKEN_FILE with a client and a tenant.
std::unique_ptr<BearerTokenSource> MakeWorkloadToken(const RetryContext& context,
                                                     const settings::EnvironmentLookup& environment);
// The metadata service of a virtual machine, or IDENTITY_ENDPOINT with IDENTITY_HEADER.
std::unique_ptr<BearerTokenSource> MakeManagedIdentityToken(const RetryContext& context,
                                                            const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore
