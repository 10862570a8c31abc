// Tokens for Google in exchange for what a credentials file holds.
#include <utility>

#include "objectstore/http/gcs/gcs_tokens.h"
#include "objectstore/http/gcs/rsa_signature.h"
#include "objectstore/http/json_answer.h"
#include "objectstore/http/secret_file.h"
#include "objectstore/http/sha256.h"
#include "objectstore/http/url.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

constexpr char kTokenUrl[] = "https://oauth2.googleapis.com/token";
constexpr char kScope[] = "https://www.googleapis.com/auth/devstorage.read_write";

std::string JsonText(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) >= 32) quoted += c;
  }
  return quoted + '"';
}

class CredentialsFileToken final : public BearerTokenSource {
 public:
  CredentialsFileToken(const RetryContext& context, const settings::EnvironmentLookup& environment)
      : context_(context),
        given_text_(environment("GOOGLE_SERVICE_ACCOUNT_KEY").value_or("")),
        given_path_(FirstOf(environment, {"GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT",
                                          "GOOGLE_SERVICE_ACCOUNT_PATH"})) {
    const std::string home = environment("HOME").value_or("");
    std::string folder = environment("CLOUDSDK_CONFIG").value_or("");
    if (folder.empty() && !home.empty()) folder = home + "/.config/gcloud";
    if (!folder.empty()) usual_path_ = folder + "/application_default_credentials.json";
  }

  std::string name() const override {
    if (!given_text_.empty()) return "GOOGLE_SERVICE_ACCOUNT_KEY";
    return given_path_.empty() ? usual_path_ : given_path_;
  }

  Result<std::optional<BearerToken>> Fetch() override {
    LEVEE_ASSIGN(const auto text, ReadText());
    if (!text) return std::optional<BearerToken>();
    const auto fields = ParseJsonAnswer(*text);
    if (!fields) return Fail(ErrorCode::kInvalidArgument, name(), "it is no JSON object");
    const std::string_view type = fields->Text("type");
    std::string url(fields->Text("token_uri"));
    if (url.empty()) url = kTokenUrl;
    LEVEE_RETURN_IF_ERROR(ParseEndpoint(url, "token_uri of " + name(), false, "no variable"));
    const auto make = [&]() { return type == "service_account" ? OfAccount(*fields, url) : OfUser(*fields, url); };
    if (type != "service_account" && type != "authorized_user") {
      return Fail(ErrorCode::kUnsupported, name(), "credentials of type '" + std::string(type) + "' are not built in",
                  "use a service account's key, or gcloud auth application-default login");
    }
    LEVEE_ASSIGN(BearerToken token, AskForToken(context_, "Google's token server, asked with " + name(), make));
    return std::optional(std::move(token));
  }

 private:
  Result<std::optional<std::string>> ReadText() const {
    if (!given_text_.empty()) return std::optional(given_text_);
    if (name().empty()) return std::optional<std::string>();
    auto text = ReadSmallFile(name());
    if (!text && text.error().code == ErrorCode::kNotFound && given_path_.empty()) return std::optional<std::string>();
    if (!text) return std::unexpected(std::move(text).error());
    return std::optional(std::move(*text));
  }

  static HttpRequest Post(std::string url, std::string body, std::vector<std::string> secrets) {
    return {.method = HttpMethod::kPost,
            .url = std::move(url),
            .headers = {{.name = "Content-Type", .value = "application/x-www-form-urlencoded"}},
            .body = std::move(body),
            .secrets = std::move(secrets)};
  }

  Result<HttpRequest> OfAccount(const JsonAnswer& fields, const std::string& url) const {
    const std::int64_t now = context_.clock.NowMicros() / 1'000'000;
    const std::string header =
        R"({"alg":"RS256","typ":"JWT","kid":)" + JsonText(fields.Text("private_key_id")) + "}";
    const std::string claims = R"({"iss":)" + JsonText(fields.Text("client_email")) + R"(,"scope":)" + JsonText(kScope) +
                               R"(,"aud":)" + JsonText(url) + R"(,"iat":)" + std::to_string(now) + R"(,"exp":)" +
                               std::to_string(now + 3600) + "}";
    std::string assertion = Base64Url(header) + "." + Base64Url(claims);
    LEVEE_ASSIGN(const std::string signature, SignRs256(fields.Text("private_key"), assertion));
    assertion += "." + Base64Url(signature);
    return Post(url, QueryText({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}}),
                {assertion});
  }

  static Result<HttpRequest> OfUser(const JsonAnswer& fields, const std::string& url) {
    const std::string secret(fields.Text("client_secret")), refresh(fields.Text("refresh_token"));
    return Post(url,
                QueryText({{"grant_type", "refresh_token"},
                           {"client_id", std::string(fields.Text("client_id"))},
                           {"client_secret", secret},
                           {"refresh_token", refresh}}),
                {secret, refresh});
  }

  const RetryContext context_;
  const std::string given_text_, given_path_;
  std::string usual_path_;
};

}  // namespace

std::unique_ptr<BearerTokenSource> MakeCredentialsFileToken(const RetryContext& context,
                                                            const settings::EnvironmentLookup& environment) {
  return std::make_unique<CredentialsFileToken>(context, environment);
}

}  // namespace levee::objectstore
