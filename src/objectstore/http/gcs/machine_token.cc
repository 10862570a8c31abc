// Tokens for Google of the virtual machine, or of the Kubernetes workload, itself.
#include <algorithm>

#include "objectstore/http/gcs/gcs_tokens.h"

namespace levee::objectstore {
namespace {

class GoogleMachineToken final : public BearerTokenSource {
 public:
  GoogleMachineToken(const RetryContext& context, const settings::EnvironmentLookup& environment)
      : context_(context), host_(environment("GCE_METADATA_HOST").value_or("")) {
    context_.options.attempts = std::min(context_.options.attempts, 2);
    if (host_.empty()) host_ = "metadata.google.internal";
  }

  std::string name() const override { return "this machine's metadata server"; }

  Result<std::optional<BearerToken>> Fetch() override {
    auto token = AskForToken(context_, name(), [this]() -> Result<HttpRequest> {
      return HttpRequest{.url = "http://" + host_ + "/computeMetadata/v1/instance/service-accounts/default/token",
                         .headers = {{.name = "Metadata-Flavor", .value = "Google"}},
                         .timeout_ms = 1'000,  // elsewhere nobody answers at this address: the wait must be short
                         .direct = true};
    });
    if (token) return std::optional(std::move(*token));
    // No such server: this is another kind of machine.
    if (token.error().code == ErrorCode::kUnavailable) return std::optional<BearerToken>();
    return std::unexpected(std::move(token).error());
  }

 private:
  RetryContext context_;
  std::string host_;
};

}  // namespace

std::unique_ptr<BearerTokenSource> MakeGoogleMachineToken(const RetryContext& context,
                                                          const settings::EnvironmentLookup& environment) {
  return std::make_unique<GoogleMachineToken>(context, environment);
}

}  // namespace levee::objectstore
