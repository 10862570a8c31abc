// Keys for AWS that a container's agent hands out: ECS and EKS pod identities.
#include "objectstore/http/s3/aws_key_sources.h"
#include "objectstore/http/s3/json_keys.h"
#include "objectstore/http/secret_file.h"
#include "objectstore/http/url.h"

namespace levee::objectstore {
namespace {

// The agents' own addresses, which speak plain http. Any other must be https or this machine's.
bool IsAgent(const Endpoint& endpoint) {
  return endpoint.authority == "169.254.170.2" || endpoint.authority == "169.254.170.23" ||
         endpoint.authority == "[fd00:ec2::23]";
}

class ContainerKeys final : public AwsKeySource {
 public:
  ContainerKeys(const RetryContext& context, const settings::EnvironmentLookup& environment)
      : context_(context),
        relative_(environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").value_or("")),
        full_(environment("AWS_CONTAINER_CREDENTIALS_FULL_URI").value_or("")),
        token_(environment("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("")),
        token_file_(environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").value_or("")) {}

  std::string name() const override { return "the container's agent"; }

  Result<std::optional<AwsKeys>> Fetch() override {
    if (relative_.empty() && full_.empty()) return std::optional<AwsKeys>();
    LEVEE_RETURN_IF_ERROR(CheckUrl());
    const auto make = [&]() -> Result<HttpRequest> {
      HttpRequest request{.url = relative_.empty() ? full_ : "http://169.254.170.2" + relative_,
                          .answer_bytes_max = 1 << 20,
                          .timeout_ms = 5'000,
                          .direct = true};
      std::string token = token_;
      if (!token_file_.empty()) {
        LEVEE_ASSIGN(token, ReadSmallFile(token_file_));
      }
      if (!token.empty()) request.headers.push_back({.name = "Authorization", .value = Trimmed(token), .secret = true});
      return request;
    };
    LEVEE_ASSIGN(const HttpAnswer answer, SendWithRetries(context_, name(), make));
    if (answer.response.status != 200) {
      return Fail(ErrorCode::kIo, name(), "it answered " + std::to_string(answer.response.status),
                  "check AWS_CONTAINER_CREDENTIALS_FULL_URI and its token");
    }
    LEVEE_ASSIGN(AwsKeys keys, ReadJsonKeys(answer.response.body, name()));
    return std::optional(std::move(keys));
  }

 private:
  Status CheckUrl() const {
    if (!relative_.empty()) return {};
    const std::string base = full_.substr(0, full_.find('?'));
    LEVEE_ASSIGN(const Endpoint endpoint, ParseEndpoint(base, "AWS_CONTAINER_CREDENTIALS_FULL_URI", true, ""));
    if (endpoint.scheme == "https" || endpoint.is_loopback() || IsAgent(endpoint)) return {};
    return Fail(ErrorCode::kInvalidArgument, "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "it is http:// to a host that is neither this machine nor an agent's");
  }

  const RetryContext context_;
  const std::string relative_, full_, token_, token_file_;
};

}  // namespace

std::unique_ptr<AwsKeySource> MakeContainerKeys(const RetryContext& context,
                                                const settings::EnvironmentLookup& environment) {
  return std::make_unique<ContainerKeys>(context, environment);
}

}  // namespace levee::objectstore
