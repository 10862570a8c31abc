// Tokens for Azure of the virtual machine, or of the app, itself.
#include <algorithm>

#include "objectstore/http/azure/azure_credentials.h"
#include "objectstore/http/url.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

class ManagedIdentityToken final : public BearerTokenSource {
 public:
  ManagedIdentityToken(const RetryContext& context, const settings::EnvironmentLookup& environment)
      : context_(context),
        client_(FirstOf(environment, {"AZURE_STORAGE_CLIENT_ID", "AZURE_CLIENT_ID"})),
        app_endpoint_(environment("IDENTITY_ENDPOINT").value_or("")),
        app_secret_(environment("IDENTITY_HEADER").value_or("")) {
    context_.options.attempts = std::min(context_.options.attempts, 2);
  }

  std::string name() const override { return "this machine's managed identity"; }

  Result<std::optional<BearerToken>> Fetch() override {
    auto token = AskForToken(context_, name(), [this]() -> Result<HttpRequest> { return Request(); });
    if (token) return std::optional(std::move(*token));
    // No such service: this is another kind of machine.
    if (token.error().code == ErrorCode::kUnavailable) return std::optional<BearerToken>();
    return std::unexpected(std::move(token).error());
  }

 private:
  HttpRequest Request() const {
    const bool is_app = !app_endpoint_.empty() && !app_secret_.empty();
    std::vector<std::pair<std::string, std::string>> query{{"api-version", is_app ? "2019-08-01" : "2018-02-01"},
                                                           {"resource", "https://storage.azure.com/"}};
    if (!client_.empty()) query.emplace_back("client_id", client_);
    HttpRequest request{
        .url = (is_app ? app_endpoint_ : "http://169.254.169.254/metadata/identity/oauth2/token") + "?" + QueryText(query),
        .timeout_ms = is_app ? 10'000 : 1'000,  // elsewhere nobody answers at this address: the wait must be short
        .direct = true};
    if (is_app) {
      request.headers.push_back({.name = "X-IDENTITY-HEADER", .value = app_secret_, .secret = true});
    } else {
      request.headers.push_back({.name = "Metadata", .value = "true"});
    }
    return request;
  }

  RetryContext context_;
  const std::string client_, app_endpoint_, app_secret_;
};

}  // namespace

std::unique_ptr<BearerTokenSource> MakeManagedIdentityToken(const RetryContext& context,
                                                            const settings::EnvironmentLookup& environment) {
  return std::make_unique<ManagedIdentityToken>(context, environment);
}

}  // namespace levee::objectstore
