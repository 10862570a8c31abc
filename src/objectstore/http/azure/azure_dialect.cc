#include "objectstore/http/azure/azure_dialect.h"

#include <utility>

#include "objectstore/http/answer_fields.h"
#include "objectstore/http/azure/azure_credentials.h"
#include "objectstore/http/azure/shared_key.h"
#include "objectstore/http/http_time.h"
#include "objectstore/http/xml_reader.h"

namespace levee::objectstore {
namespace {

constexpr char kVersion[] = "2021-12-02";
// Names of metadata must be identifiers here.
constexpr char kTokenHeader[] = "x-ms-meta-levee_writer";

// The value of "sig", as it is written: the rest of a shared access signature is no secret.
std::string SignatureOf(const std::string& sas) {
  const std::size_t name = ("&" + sas).find("&sig=");
  if (name == std::string::npos) return sas;
  const std::string value = sas.substr(name + 4);
  return value.substr(0, value.find('&'));
}

class AzureDialect final : public CloudDialect {
 public:
  AzureDialect(AzureLocation location, AzureCredentials credentials, Clock& clock)
      : location_(std::move(location)), credentials_(std::move(credentials)), clock_(clock) {}

  // Lists begin at a mark that only the server can make.
  bool lists_from_name() const override { return false; }

  HttpRequest List(const ListSpec& spec) const override {
    std::vector<std::pair<std::string, std::string>> query{{"comp", "list"}, {"delimiter", "/"}};
    if (!spec.continuation.empty()) query.emplace_back("marker", spec.continuation);
    if (!spec.prefix.empty()) query.emplace_back("prefix", spec.prefix);
    query.emplace_back("restype", "container");
    return {.url = ContainerUrl() + "?" + QueryText(query)};
  }

  Result<ListedPage> ReadList(const HttpResponse& response) const override {
    LEVEE_ASSIGN(const XmlElement root, ParseXml(response.body));
    if (root.name != "EnumerationResults") return Fail(ErrorCode::kCorrupt, "<" + root.name + ">", "it is no list");
    ListedPage page{.objects = {}, .continuation = std::string(root.ChildText("NextMarker"))};
    const XmlElement* const blobs = root.Child("Blobs");
    if (blobs == nullptr) return page;
    for (const XmlElement& blob : blobs->children) {
      const XmlElement* const properties = blob.Child("Properties");
      // A folder of a hierarchical account is a blob, too.
      if (blob.name != "Blob" || properties == nullptr || properties->ChildText("ResourceType") == "directory") continue;
      page.objects.push_back({.name = std::string(blob.ChildText("Name")),
                              .size_bytes = SizeText(properties->ChildText("Content-Length")),
                              .modified_ms = ParseHttpDate(properties->ChildText("Last-Modified")).value_or(0),
                              .etag = PlainEtag(properties->ChildText("Etag"))});
    }
    return page;
  }

  HttpRequest Stat(std::string_view key) const override { return {.method = HttpMethod::kHead, .url = UrlOf(key)}; }
  ObjectInfo ReadStat(const HttpResponse& response) const override { return InfoOfHeaders(response); }
  std::string ReadToken(const HttpResponse& response) const override {
    return std::string(response.Header(kTokenHeader));
  }

  HttpRequest Read(std::string_view key, std::optional<ByteRange> range) const override {
    HttpRequest request{.url = UrlOf(key)};
    if (range) request.headers.push_back({.name = "x-ms-range", .value = HeaderText(*range)});
    return request;
  }

  HttpRequest PutIfAbsent(const NewObject& object) const override {
    return {.method = HttpMethod::kPut,
            .url = UrlOf(object.key),
            .headers = {{.name = "If-None-Match", .value = "*"},
                        {.name = "Content-Type", .value = "application/octet-stream"},
                        {.name = "x-ms-blob-type", .value = "BlockBlob"},
                        {.name = kTokenHeader, .value = std::string(object.token)}},
            .body = std::string(object.content)};
  }

  PutAnswer ReadPut(const HttpResponse& response) const override {
    if (response.status >= 200 && response.status < 300) return PutAnswer::kWritten;
    const std::string code = CodeOf(response);
    const bool there = (response.status == 409 && code == "BlobAlreadyExists") ||
                       (response.status == 412 && (code.empty() || code == "ConditionNotMet"));
    return there ? PutAnswer::kAlreadyThere : PutAnswer::kRefused;
  }

  Status Authorize(HttpRequest& request) override {
    request.headers.push_back({.name = "x-ms-date", .value = HttpDate(clock_.NowMicros() / 1'000'000)});
    request.headers.push_back({.name = "x-ms-version", .value = kVersion});
    if (credentials_.skip_signature) return {};
    if (!credentials_.account_key.empty()) {
      SignSharedKey(request, location_.account, credentials_.account_key);
    } else if (!credentials_.sas.empty()) {
      request.url += (request.url.find('?') == std::string::npos ? "?" : "&") + credentials_.sas;
      request.secrets.push_back(SignatureOf(credentials_.sas));
    } else {
      LEVEE_ASSIGN(const BearerToken token, credentials_.tokens->Get());
      request.headers.push_back({.name = "Authorization", .value = "Bearer " + token.text, .secret = true});
    }
    return {};
  }

  bool LearnFrom(const HttpResponse& response) override {
    return response.status == 401 && credentials_.tokens != nullptr && credentials_.tokens->Renew();
  }

  ServerError ReadError(const HttpResponse& response) const override {
    ServerError error = ErrorOfXml(response.body);
    if (error.code.empty()) error.code = CodeOf(response);
    if (response.status == 401 || response.status == 403) {
      error.hint = "credentials were taken from " + credentials_.source() + "; they must allow reading and listing blobs";
    }
    return error;
  }

 private:
  static std::string CodeOf(const HttpResponse& response) { return OneLine(response.Header("x-ms-error-code")); }
  std::string ContainerUrl() const { return location_.endpoint.text() + "/" + location_.container; }
  std::string UrlOf(std::string_view key) const { return ContainerUrl() + "/" + PercentEncodePath(key); }

  const AzureLocation location_;
  const AzureCredentials credentials_;
  Clock& clock_;
};

}  // namespace

Result<std::unique_ptr<CloudDialect>> MakeAzureDialect(AzureLocation location, const RetryContext& context,
                                                       const settings::EnvironmentLookup& environment) {
  LEVEE_ASSIGN(AzureCredentials credentials, ReadAzureCredentials(location, context, environment));
  return std::make_unique<AzureDialect>(std::move(location), std::move(credentials), context.clock);
}

}  // namespace levee::objectstore
