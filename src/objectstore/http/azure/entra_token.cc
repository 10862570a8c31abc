// Tokens of Microsoft's identity platform, for a client's secret or for a workload's own token.
#include <utility>

#include "objectstore/http/azure/azure_credentials.h"
#include "objectstore/http/secret_file.h"
#include "objectstore/http/url.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

constexpr char kScope[] = "https://storage.azure.com/.default";

class EntraToken final : public BearerTokenSource {
 public:
  EntraToken(const RetryContext& context, const settings::EnvironmentLookup& environment, bool by_secret)
      : context_(context),
        by_secret_(by_secret),
        environment_(environment),
        client_(FirstOf(environment, {"AZURE_STORAGE_CLIENT_ID", "AZURE_CLIENT_ID"})),
        tenant_(FirstOf(environment, {"AZURE_STORAGE_TENANT_ID", "AZURE_STORAGE_AUTHORITY_ID", "AZURE_TENANT_ID",
                                      "AZURE_AUTHORITY_ID"})),
        secret_(FirstOf(environment, {"AZURE_STORAGE_CLIENT_SECRET", "AZURE_CLIENT_SECRET"})),
        token_file_(environment("AZURE_FEDERATED_TOKEN_FILE").value_or("")) {}

  std::string name() const override {
    return by_secret_ ? "the client of AZURE_CLIENT_ID" : "the workload of AZURE_FEDERATED_TOKEN_FILE";
  }

  Result<std::optional<BearerToken>> Fetch() override {
    const std::string& proof = by_secret_ ? secret_ : token_file_;
    if (client_.empty() || tenant_.empty() || proof.empty()) return std::optional<BearerToken>();
    LEVEE_ASSIGN(const std::string url, Url());
    const auto make = [&]() -> Result<HttpRequest> {
      std::vector<std::pair<std::string, std::string>> form{
          {"grant_type", "client_credentials"}, {"client_id", client_}, {"scope", kScope}};
      std::string secret = secret_;
      if (by_secret_) {
        form.emplace_back("client_secret", secret);
      } else {
        // Whoever writes the token renews it: read each time.
        LEVEE_ASSIGN(const std::string text, ReadSmallFile(token_file_));
        secret = Trimmed(text);
        form.emplace_back("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.emplace_back("client_assertion", secret);
      }
      return HttpRequest{.method = HttpMethod::kPost,
                         .url = url,
                         .headers = {{.name = "Content-Type", .value = "application/x-www-form-urlencoded"}},
                         .body = QueryText(form),
                         .secrets = {secret}};
    };
    LEVEE_ASSIGN(BearerToken token, AskForToken(context_, "Microsoft's token server, asked by " + name(), make));
    return std::optional(std::move(token));
  }

 private:
  Result<std::string> Url() const {
    std::string host = environment_("AZURE_AUTHORITY_HOST").value_or("");
    if (host.empty()) host = "https://login.microsoftonline.com";
    if (host.find("://") == std::string::npos) host = "https://" + host;
    LEVEE_ASSIGN(const bool allow_http, SwitchOf(environment_, "AZURE_ALLOW_HTTP", false));
    LEVEE_ASSIGN(const Endpoint endpoint, ParseEndpoint(host, "AZURE_AUTHORITY_HOST", allow_http, "AZURE_ALLOW_HTTP"));
    return endpoint.text() + "/" + PercentEncode(tenant_) + "/oauth2/v2.0/token";
  }

  const RetryContext context_;
  const bool by_secret_;
  const settings::EnvironmentLookup environment_;
  const std::string client_, tenant_, secret_, token_file_;
};

}  // namespace

std::unique_ptr<BearerTokenSource> MakeClientSecretToken(const RetryContext& context,
                                                         const settings::EnvironmentLookup& environment) {
  return std::make_unique<EntraToken>(context, environment, true);
}

std::unique_ptr<BearerTokenSource> MakeWorkloadToken(const RetryContext& context,
                                                     const settings::EnvironmentLookup& environment) {
  return std::make_unique<EntraToken>(context, environment, false);
}

}  // namespace levee::objectstore
