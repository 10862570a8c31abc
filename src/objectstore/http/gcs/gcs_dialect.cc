#include "objectstore/http/gcs/gcs_dialect.h"

#include <utility>

#include "objectstore/http/answer_fields.h"
#include "objectstore/http/cloud_uri.h"
#include "objectstore/http/gcs/gcs_tokens.h"
#include "objectstore/http/http_time.h"
#include "objectstore/http/json_answer.h"
#include "objectstore/http/url.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

constexpr char kTokenName[] = "levee-writer";

// A generation changes with each write of an object, and lists, like all else, have it.
ObjectInfo InfoOfFields(const JsonAnswer& fields) {
  return {.name = std::string(fields.Text("name")),
          .size_bytes = SizeText(fields.Text("size")),
          .modified_ms = ParseIsoTime(fields.Text("updated")).value_or(0),
          .etag = std::string(fields.Text("generation"))};
}

class GcsDialect final : public CloudDialect {
 public:
  // `tokens` null: nothing is signed.
  GcsDialect(std::string server, std::string bucket, std::shared_ptr<BearerTokens> tokens)
      : server_(std::move(server)), bucket_(std::move(bucket)), tokens_(std::move(tokens)) {}

  bool lists_from_name() const override { return true; }

  HttpRequest List(const ListSpec& spec) const override {
    std::vector<std::pair<std::string, std::string>> query{
        {"delimiter", "/"},
        {"fields", "items(name,size,updated,generation),nextPageToken"},
        {"maxResults", "1000"},
        {"prefix", spec.prefix}};
    // The first name is part of the list; the caller leaves it out.
    if (!spec.start_after.empty()) query.emplace_back("startOffset", spec.start_after);
    if (!spec.continuation.empty()) query.emplace_back("pageToken", spec.continuation);
    return {.url = server_ + "/storage/v1/b/" + bucket_ + "/o?" + QueryText(query)};
  }

  Result<ListedPage> ReadList(const HttpResponse& response) const override {
    LEVEE_ASSIGN(const JsonAnswer answer, ParseJsonAnswer(response.body));
    ListedPage page{.objects = {}, .continuation = std::string(answer.Text("nextPageToken"))};
    const auto items = answer.lists.find("items");
    if (items == answer.lists.end()) return page;
    for (const JsonAnswer& item : items->second) page.objects.push_back(InfoOfFields(item));
    return page;
  }

  HttpRequest Stat(std::string_view key) const override {
    return {.url = UrlOf(key) + "?" + QueryText({{"fields", "name,size,updated,generation,metadata"}})};
  }
  ObjectInfo ReadStat(const HttpResponse& response) const override {
    return InfoOfFields(ParseJsonAnswer(response.body).value_or(JsonAnswer{}));
  }
  std::string ReadToken(const HttpResponse& response) const override {
    const JsonAnswer answer = ParseJsonAnswer(response.body).value_or(JsonAnswer{});
    const auto metadata = answer.objects.find("metadata");
    return metadata == answer.objects.end() ? std::string() : std::string(metadata->second.Text(kTokenName));
  }

  HttpRequest Read(std::string_view key, std::optional<ByteRange> range) const override {
    HttpRequest request{.url = UrlOf(key) + "?alt=media"};
    if (range) request.headers.push_back({.name = "Range", .value = HeaderText(*range)});
    return request;
  }

  HttpRequest PutIfAbsent(const NewObject& object) const override {
    // The token is as good a boundary as any: random, so no content holds it.
    const std::string boundary(object.token);
    std::string body = "--" + boundary + "\r\nContent-Type: application/json\r\n\r\n{\"metadata\":{\"" + kTokenName +
                       "\":\"" + std::string(object.token) + "\"}}\r\n--" + boundary +
                       "\r\nContent-Type: application/octet-stream\r\n\r\n";
    body += object.content;
    body += "\r\n--" + boundary + "--\r\n";
    return {.method = HttpMethod::kPost,
            .url = server_ + "/upload/storage/v1/b/" + bucket_ + "/o?" +
                   QueryText({{"ifGenerationMatch", "0"}, {"name", std::string(object.key)}, {"uploadType", "multipart"}}),
            .headers = {{.name = "Content-Type", .value = "multipart/related; boundary=" + boundary}},
            .body = std::move(body)};
  }

  PutAnswer ReadPut(const HttpResponse& response) const override {
    if (response.status >= 200 && response.status < 300) return PutAnswer::kWritten;
    return response.status == 412 ? PutAnswer::kAlreadyThere : PutAnswer::kRefused;
  }

  Status Authorize(HttpRequest& request) override {
    if (tokens_ == nullptr) return {};
    LEVEE_ASSIGN(const BearerToken token, tokens_->Get());
    request.headers.push_back({.name = "Authorization", .value = "Bearer " + token.text, .secret = true});
    return {};
  }

  bool LearnFrom(const HttpResponse& response) override {
    return response.status == 401 && tokens_ != nullptr && tokens_->Renew();
  }

  ServerError ReadError(const HttpResponse& response) const override {
    ServerError error;
    const auto answer = ParseJsonAnswer(response.body);
    const auto found = answer ? answer->objects.find("error") : decltype(answer->objects.find("error")){};
    if (answer && found != answer->objects.end()) error.message = OneLine(found->second.Text("message"));
    if (response.status == 401 || response.status == 403) {
      error.hint = tokens_ == nullptr ? "no credentials were sent, as the environment says"
                                      : "credentials were taken from " + tokens_->source() +
                                            "; they must allow storage.objects.get and storage.objects.list";
    }
    return error;
  }

 private:
  std::string UrlOf(std::string_view key) const {
    return server_ + "/storage/v1/b/" + bucket_ + "/o/" + PercentEncode(key);
  }

  const std::string server_, bucket_;
  const std::shared_ptr<BearerTokens> tokens_;
};

}  // namespace

Result<std::unique_ptr<CloudDialect>> MakeGcsDialect(std::string_view bucket, const RetryContext& context,
                                                     const settings::EnvironmentLookup& environment) {
  LEVEE_RETURN_IF_ERROR(CheckBucketName(bucket, "gs"));
  LEVEE_ASSIGN(const bool skip, SwitchOf(environment, "GOOGLE_SKIP_SIGNATURE", false));
  std::string emulator = environment("STORAGE_EMULATOR_HOST").value_or("");
  if (!emulator.empty()) {
    if (emulator.find("://") == std::string::npos) emulator = "http://" + emulator;
    // No token goes there, so that nobody on the way can take one.
    LEVEE_ASSIGN(const Endpoint endpoint, ParseEndpoint(emulator, "STORAGE_EMULATOR_HOST", true, ""));
    return std::make_unique<GcsDialect>(endpoint.text(), std::string(bucket), nullptr);
  }
  return std::make_unique<GcsDialect>("https://storage.googleapis.com", std::string(bucket),
                                      skip ? nullptr : SharedGcsTokens(context, environment));
}

}  // namespace levee::objectstore
