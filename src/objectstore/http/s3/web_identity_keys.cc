// Keys for AWS in exchange for the token of a Kubernetes service account or the like: AssumeRoleWithWebIdentity.
#include "objectstore/http/answer_fields.h"
#include "objectstore/http/http_time.h"
#include "objectstore/http/s3/aws_key_sources.h"
#include "objectstore/http/secret_file.h"
#include "objectstore/http/url.h"
#include "objectstore/http/variables.h"
#include "objectstore/http/xml_reader.h"

namespace levee::objectstore {
namespace {

Result<AwsKeys> ReadAnswer(std::string_view body) {
  LEVEE_ASSIGN(const XmlElement root, ParseXml(body));
  const XmlElement* const result = root.Child("AssumeRoleWithWebIdentityResult");
  const XmlElement* const found = result == nullptr ? nullptr : result->Child("Credentials");
  if (found == nullptr) return Fail(ErrorCode::kCorrupt, "the role's keys", "the answer has none");
  return AwsKeys{.access_key_id = std::string(found->ChildText("AccessKeyId")),
                 .secret_access_key = std::string(found->ChildText("SecretAccessKey")),
                 .session_token = std::string(found->ChildText("SessionToken")),
                 .expires_ms = ParseIsoTime(found->ChildText("Expiration")).value_or(0)};
}

// <ErrorResponse><Error>..</Error></ErrorResponse>.
std::string ReasonOf(const HttpResponse& response) {
  std::string reason = "the server answered " + std::to_string(response.status);
  const auto root = ParseXml(response.body);
  const XmlElement* const error = root ? root->Child("Error") : nullptr;
  if (error == nullptr) return reason;
  return reason + " " + OneLine(error->ChildText("Code")) + ": " + OneLine(error->ChildText("Message"));
}

class WebIdentityKeys final : public AwsKeySource {
 public:
  WebIdentityKeys(const RetryContext& context, const settings::EnvironmentLookup& environment, const std::string& region)
      : context_(context),
        environment_(environment),
        token_file_(environment("AWS_WEB_IDENTITY_TOKEN_FILE").value_or("")),
        role_(environment("AWS_ROLE_ARN").value_or("")),
        session_(environment("AWS_ROLE_SESSION_NAME").value_or("")),
        region_(region) {}

  std::string name() const override { return "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE"; }

  Result<std::optional<AwsKeys>> Fetch() override {
    if (token_file_.empty() || role_.empty()) return std::optional<AwsKeys>();
    LEVEE_ASSIGN(const std::string url, Url());
    const auto make = [&]() -> Result<HttpRequest> {
      // Whoever writes the token renews it: read each time.
      LEVEE_ASSIGN(const std::string token, ReadSmallFile(token_file_));
      return HttpRequest{.method = HttpMethod::kPost,
                         .url = url,
                         .headers = {{.name = "Content-Type", .value = "application/x-www-form-urlencoded"}},
                         .body = QueryText({{"Action", "AssumeRoleWithWebIdentity"},
                                            {"Version", "2011-06-15"},
                                            {"RoleArn", role_},
                                            {"RoleSessionName", session_.empty() ? "levee" : session_},
                                            {"WebIdentityToken", Trimmed(token)}}),
                         .answer_bytes_max = 1 << 20,
                         .secrets = {Trimmed(token)}};
    };
    LEVEE_ASSIGN(const HttpAnswer answer, SendWithRetries(context_, name(), make));
    if (answer.response.status != 200) return Fail(ErrorCode::kIo, name(), ReasonOf(answer.response), "check AWS_ROLE_ARN");
    LEVEE_ASSIGN(AwsKeys keys, ReadAnswer(answer.response.body));
    return std::optional(std::move(keys));
  }

 private:
  Result<std::string> Url() const {
    const std::string own = environment_("AWS_ENDPOINT_URL_STS").value_or("");
    if (own.empty()) return "https://sts." + region_ + ".amazonaws.com/";
    LEVEE_ASSIGN(const bool allow_http, SwitchOf(environment_, "AWS_ALLOW_HTTP", false));
    LEVEE_ASSIGN(const Endpoint endpoint, ParseEndpoint(own, "AWS_ENDPOINT_URL_STS", allow_http, "AWS_ALLOW_HTTP"));
    return endpoint.text() + "/";
  }

  const RetryContext context_;
  const settings::EnvironmentLookup environment_;
  const std::string token_file_, role_, session_, region_;
};

}  // namespace

std::unique_ptr<AwsKeySource> MakeWebIdentityKeys(const RetryContext& context,
                                                  const settings::EnvironmentLookup& environment,
                                                  const std::string& region) {
  return std::make_unique<WebIdentityKeys>(context, environment, region);
}

}  // namespace levee::objectstore
