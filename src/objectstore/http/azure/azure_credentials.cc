#include "objectstore/http/azure/azure_credentials.h"

#include <utility>

#include "objectstore/http/sha256.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

// Of every emulator, published by Microsoft: no secret.
constexpr char kEmulatorKey[] =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

std::shared_ptr<BearerTokens> SharedTokens(const RetryContext& context, const settings::EnvironmentLookup& environment) {
  static auto* const shared = new SharedChains<BearerToken>;
  const std::string inputs = AllOf(
      environment, {"AZURE_STORAGE_TOKEN", "AZURE_STORAGE_CLIENT_ID", "AZURE_CLIENT_ID", "AZURE_STORAGE_CLIENT_SECRET",
                    "AZURE_CLIENT_SECRET", "AZURE_STORAGE_TENANT_ID", "AZURE_STORAGE_AUTHORITY_ID", "AZURE_TENANT_ID",
                    "AZURE_AUTHORITY_ID", "AZURE_AUTHORITY_HOST", "AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT",
                    "IDENTITY_HEADER", "AZURE_ALLOW_HTTP"});
  return shared->Get(inputs, [&] {
    BearerTokens::Sources sources;
    sources.push_back(MakeGivenToken(environment("AZURE_STORAGE_TOKEN").value_or(""), "AZURE_STORAGE_TOKEN"));
    sources.push_back(MakeClientSecretToken(context, environment));
    sources.push_back(MakeWorkloadToken(context, environment));
    sources.push_back(MakeManagedIdentityToken(context, environment));
    return std::make_shared<BearerTokens>(
        std::move(sources), context.clock, "Azure credentials",
        "set AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN, or AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and "
        "AZURE_TENANT_ID; AZURE_SKIP_SIGNATURE=true for a public container");
  });
}

}  // namespace

std::string AzureCredentials::source() const {
  if (skip_signature) return "AZURE_SKIP_SIGNATURE: no credentials";
  if (!account_key.empty()) return "AZURE_STORAGE_ACCOUNT_KEY";
  if (!sas.empty()) return "AZURE_STORAGE_SAS_TOKEN";
  return tokens->source();
}

Result<AzureCredentials> ReadAzureCredentials(const AzureLocation& location, const RetryContext& context,
                                              const settings::EnvironmentLookup& environment) {
  AzureCredentials credentials;
  LEVEE_ASSIGN(credentials.skip_signature, SwitchOf(environment, "AZURE_SKIP_SIGNATURE", false));
  if (credentials.skip_signature) return credentials;
  std::string key =
      FirstOf(environment, {"AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_ACCESS_KEY", "AZURE_STORAGE_MASTER_KEY"});
  credentials.sas = FirstOf(environment, {"AZURE_STORAGE_SAS_KEY", "AZURE_STORAGE_SAS_TOKEN"});
  if (credentials.sas.starts_with('?')) credentials.sas.erase(0, 1);
  if (key.empty() && credentials.sas.empty() && location.emulator) key = kEmulatorKey;
  if (!key.empty()) {
    auto decoded = DecodeBase64(key);
    if (!decoded) return Fail(ErrorCode::kInvalidArgument, "AZURE_STORAGE_ACCOUNT_KEY", "it is not in Base64");
    credentials.account_key = *std::move(decoded);
    return credentials;
  }
  if (credentials.sas.empty()) credentials.tokens = SharedTokens(context, environment);
  return credentials;
}

}  // namespace levee::objectstore
