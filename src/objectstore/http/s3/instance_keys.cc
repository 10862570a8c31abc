// Keys for AWS of the virtual machine itself: its metadata service, version 2.
#include <algorithm>

#include "objectstore/http/s3/aws_key_sources.h"
#include "objectstore/http/s3/json_keys.h"
#include "objectstore/http/secret_file.h"
#include "objectstore/http/url.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

constexpr char kRolePath[] = "/latest/meta-data/iam/security-credentials/";
// Elsewhere nobody answers at this address: the wait must be short.
constexpr std::int64_t kTimeoutMs = 1'000;

class InstanceKeys final : public AwsKeySource {
 public:
  InstanceKeys(const RetryContext& context, const settings::EnvironmentLookup& environment)
      : context_(context), environment_(environment) {
    context_.options.attempts = std::min(context_.options.attempts, 2);
  }

  std::string name() const override { return "this machine's metadata service"; }

  Result<std::optional<AwsKeys>> Fetch() override {
    LEVEE_ASSIGN(const bool disabled, SwitchOf(environment_, "AWS_EC2_METADATA_DISABLED", false));
    if (disabled) return std::optional<AwsKeys>();
    LEVEE_ASSIGN(const std::string base, Base());
    HttpRequest ask_token{.method = HttpMethod::kPut, .url = base + "/latest/api/token"};
    ask_token.headers.push_back({.name = "X-aws-ec2-metadata-token-ttl-seconds", .value = "21600"});
    const auto token = Ask(ask_token);
    // No such service: this is another kind of machine.
    if (!token && token.error().code == ErrorCode::kCancelled) return std::unexpected(token.error());
    if (!token) return std::optional<AwsKeys>();
    LEVEE_ASSIGN(const std::string role, AskWith(*token, base + kRolePath));
    const std::string first = Trimmed(std::string_view(role).substr(0, role.find('\n')));
    if (first.empty()) return std::optional<AwsKeys>();
    LEVEE_ASSIGN(const std::string body, AskWith(*token, base + kRolePath + PercentEncode(first)));
    LEVEE_ASSIGN(AwsKeys keys, ReadJsonKeys(body, name()));
    return std::optional(std::move(keys));
  }

 private:
  Result<std::string> Base() const {
    const std::string own = environment_("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("");
    if (own.empty()) return std::string("http://169.254.169.254");
    LEVEE_ASSIGN(const Endpoint endpoint, ParseEndpoint(own, "AWS_EC2_METADATA_SERVICE_ENDPOINT", true, ""));
    return endpoint.text();
  }

  // The body; empty for 404.
  Result<std::string> Ask(HttpRequest request) {
    request.answer_bytes_max = 1 << 20;
    request.timeout_ms = kTimeoutMs;
    request.direct = true;
    LEVEE_ASSIGN(HttpAnswer answer, SendWithRetries(context_, name(), [&]() -> Result<HttpRequest> { return request; }));
    if (answer.response.status == 404) return std::string();
    if (answer.response.status != 200) {
      return Fail(ErrorCode::kIo, name(), "it answered " + std::to_string(answer.response.status));
    }
    return std::move(answer.response.body);
  }

  Result<std::string> AskWith(const std::string& token, std::string url) {
    return Ask({.url = std::move(url),
                .headers = {{.name = "X-aws-ec2-metadata-token", .value = Trimmed(token), .secret = true}}});
  }

  RetryContext context_;
  const settings::EnvironmentLookup environment_;
};

}  // namespace

std::unique_ptr<AwsKeySource> MakeInstanceKeys(const RetryContext& context,
                                               const settings::EnvironmentLookup& environment) {
  return std::make_unique<InstanceKeys>(context, environment);
}

}  // namespace levee::objectstore
