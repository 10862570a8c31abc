#include "objectstore/http/gcs/gcs_tokens.h"

#include <utility>

#include "objectstore/http/variables.h"

namespace levee::objectstore {

std::shared_ptr<BearerTokens> SharedGcsTokens(const RetryContext& context,
                                              const settings::EnvironmentLookup& environment) {
  static auto* const shared = new SharedChains<BearerToken>;
  const std::string inputs =
      AllOf(environment, {"GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_PATH",
                          "GOOGLE_SERVICE_ACCOUNT_KEY", "CLOUDSDK_CONFIG", "HOME", "GCE_METADATA_HOST"});
  return shared->Get(inputs, [&] {
    BearerTokens::Sources sources;
    sources.push_back(MakeCredentialsFileToken(context, environment));
    sources.push_back(MakeGoogleMachineToken(context, environment));
    return std::make_shared<BearerTokens>(
        std::move(sources), context.clock, "Google credentials",
        "set GOOGLE_APPLICATION_CREDENTIALS to a key's file, or run gcloud auth application-default login, or set "
        "GOOGLE_SKIP_SIGNATURE=true for a public bucket");
  });
}

}  // namespace levee::objectstore
