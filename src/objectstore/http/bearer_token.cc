#include "objectstore/http/bearer_token.h"

#include <utility>

#include "objectstore/http/answer_fields.h"
#include "objectstore/http/json_answer.h"

namespace levee::objectstore {
namespace {

// {"error":"invalid_grant","error_description":"..."}.
std::string ReasonOf(const HttpResponse& response) {
  std::string reason = "it answered " + std::to_string(response.status);
  const auto answer = ParseJsonAnswer(response.body);
  if (!answer) return reason;
  if (!answer->Text("error").empty()) reason += " " + OneLine(answer->Text("error"));
  if (!answer->Text("error_description").empty()) reason += ": " + OneLine(answer->Text("error_description"));
  return reason;
}

class GivenToken final : public BearerTokenSource {
 public:
  GivenToken(std::string token, std::string variable) : token_(std::move(token)), variable_(std::move(variable)) {}
  std::string name() const override { return variable_; }
  bool may_change() const override { return false; }
  Result<std::optional<BearerToken>> Fetch() override {
    if (token_.empty()) return std::optional<BearerToken>();
    return std::optional(BearerToken{.text = token_});
  }

 private:
  const std::string token_, variable_;
};

}  // namespace

Result<BearerToken> AskForToken(const RetryContext& context, const std::string& what, const RequestMaker& make) {
  LEVEE_ASSIGN(const HttpAnswer answer, SendWithRetries(context, what, [&]() -> Result<HttpRequest> {
                 LEVEE_ASSIGN(HttpRequest request, make());
                 request.answer_bytes_max = 1 << 20;
                 return request;
               }));
  if (answer.response.status != 200) return Fail(ErrorCode::kIo, what, ReasonOf(answer.response));
  const auto fields = ParseJsonAnswer(answer.response.body);
  if (!fields || fields->Text("access_token").empty()) return Fail(ErrorCode::kCorrupt, what, "its answer holds no token");
  const auto seconds = static_cast<std::int64_t>(SizeText(fields->Text("expires_in")));
  BearerToken token{.text = std::string(fields->Text("access_token"))};
  token.expires_ms = context.clock.NowMicros() / 1000 + seconds * 1000;
  return token;
}

std::unique_ptr<BearerTokenSource> MakeGivenToken(std::string token, std::string variable) {
  return std::make_unique<GivenToken>(std::move(token), std::move(variable));
}

}  // namespace levee::objectstore
