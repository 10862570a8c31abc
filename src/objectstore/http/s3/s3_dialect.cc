#include "objectstore/http/s3/s3_dialect.h"

#include <mutex>
#include <utility>

#include "objectstore/http/answer_fields.h"
#include "objectstore/http/http_time.h"
#include "objectstore/http/s3/aws_credentials.h"
#include "objectstore/http/s3/sigv4.h"
#include "objectstore/http/xml_reader.h"

namespace levee::objectstore {
namespace {

constexpr char kTokenHeader[] = "x-amz-meta-levee-writer";

class S3Dialect final : public CloudDialect {
 public:
  S3Dialect(S3Location location, std::shared_ptr<AwsCredentials> credentials, Clock& clock)
      : location_(std::move(location)), credentials_(std::move(credentials)), clock_(clock) {}

  bool lists_from_name() const override { return true; }

  HttpRequest List(const ListSpec& spec) const override {
    std::vector<std::pair<std::string, std::string>> query;
    if (!spec.continuation.empty()) query.emplace_back("continuation-token", spec.continuation);
    query.emplace_back("delimiter", "/");
    query.emplace_back("list-type", "2");
    query.emplace_back("prefix", spec.prefix);
    if (!spec.start_after.empty()) query.emplace_back("start-after", spec.start_after);
    return {.url = BaseUrl() + "/?" + QueryText(query)};
  }

  Result<ListedPage> ReadList(const HttpResponse& response) const override {
    LEVEE_ASSIGN(const XmlElement root, ParseXml(response.body));
    if (root.name != "ListBucketResult") return Fail(ErrorCode::kCorrupt, "<" + root.name + ">", "it is no list");
    ListedPage page;
    for (const XmlElement& element : root.children) {
      if (element.name != "Contents") continue;
      page.objects.push_back({.name = std::string(element.ChildText("Key")),
                              .size_bytes = SizeText(element.ChildText("Size")),
                              .modified_ms = ParseIsoTime(element.ChildText("LastModified")).value_or(0),
                              .etag = PlainEtag(element.ChildText("ETag"))});
    }
    if (root.ChildText("IsTruncated") == "true") {
      page.continuation = root.ChildText("NextContinuationToken");
      if (page.continuation.empty()) return Fail(ErrorCode::kCorrupt, "list", "it is cut off and cannot be gone on with");
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
    if (range) request.headers.push_back({.name = "Range", .value = HeaderText(*range)});
    return request;
  }

  HttpRequest PutIfAbsent(const NewObject& object) const override {
    return {.method = HttpMethod::kPut,
            .url = UrlOf(object.key),
            .headers = {{.name = "If-None-Match", .value = "*"},
                        {.name = "Content-Type", .value = "application/octet-stream"},
                        {.name = kTokenHeader, .value = std::string(object.token)}},
            .body = std::string(object.content)};
  }

  PutAnswer ReadPut(const HttpResponse& response) const override {
    if (response.status >= 200 && response.status < 300) return PutAnswer::kWritten;
    if (response.status == 412) return PutAnswer::kAlreadyThere;
    // Another writer is at the same key right now.
    if (response.status == 409) return PutAnswer::kTryAgain;
    return PutAnswer::kRefused;
  }

  Status Authorize(HttpRequest& request) override {
    if (location_.requester_pays) request.headers.push_back({.name = "x-amz-request-payer", .value = "requester"});
    if (location_.skip_signature) return {};
    LEVEE_ASSIGN(const AwsKeys keys, credentials_->Get());
    SignV4(request, keys, {.region = region(), .service = "s3", .seconds = clock_.NowMicros() / 1'000'000});
    return {};
  }

  bool LearnFrom(const HttpResponse& response) override {
    const std::string_view region = response.Header("x-amz-bucket-region");
    const bool elsewhere = response.status == 301 || response.status == 307 || response.status == 400;
    if (elsewhere && !region.empty() && !location_.region_given && !location_.endpoint) {
      const std::lock_guard lock(mutex_);
      return std::exchange(found_region_, std::string(region)) != region;
    }
    const std::string code = ErrorOfXml(response.body).code;
    const bool refused = response.status == 401 || response.status == 403 || code == "ExpiredToken" ||
                         code == "InvalidToken" || code == "TokenRefreshRequired";
    return refused && !location_.skip_signature && credentials_->Renew();
  }

  ServerError ReadError(const HttpResponse& response) const override {
    ServerError error = ErrorOfXml(response.body);
    const std::string source = location_.skip_signature ? "AWS_SKIP_SIGNATURE: no credentials" : credentials_->source();
    const std::string_view region = response.Header("x-amz-bucket-region");
    if (!region.empty() && region != this->region()) {
      error.hint = "the bucket is in " + std::string(region) + ": set AWS_REGION to that";
    } else if (response.status == 401 || response.status == 403) {
      error.hint = "credentials were taken from " + source + "; they must allow s3:GetObject and s3:ListBucket";
      if (error.code == "RequestTimeTooSkewed") error.hint = "set this machine's clock";
    } else if (error.code == "NoSuchBucket") {
      error.hint = "check the bucket's name and AWS_ENDPOINT_URL";
    }
    return error;
  }

 private:
  std::string region() const {
    const std::lock_guard lock(mutex_);
    return found_region_.empty() ? location_.region : found_region_;
  }
  std::string BaseUrl() const {
    S3Location location = location_;
    location.region = region();
    return location.BaseUrl();
  }
  std::string UrlOf(std::string_view key) const { return BaseUrl() + "/" + PercentEncodePath(key); }

  const S3Location location_;
  const std::shared_ptr<AwsCredentials> credentials_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::string found_region_;  // guarded by mutex_; as the server said
};

}  // namespace

std::unique_ptr<CloudDialect> MakeS3Dialect(S3Location location, const RetryContext& context,
                                            const settings::EnvironmentLookup& environment) {
  auto credentials = SharedAwsCredentials(context, environment, location.region);
  return std::make_unique<S3Dialect>(std::move(location), std::move(credentials), context.clock);
}

}  // namespace levee::objectstore
