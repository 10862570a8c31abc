#include "objectstore/http/cloud_object_store.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <utility>

#include "base/hex.h"
#include "objectstore/file_uri.h"
#include "objectstore/http/sha256.h"
#include "objectstore/relative_path.h"

namespace levee::objectstore {
namespace {

constexpr std::uint64_t kListBytesMax = 64 << 20;
constexpr std::uint64_t kErrorBytesMax = 1 << 20;
constexpr std::size_t kNamesMax = 20'000'000;

bool IsSuccess(int status) { return status >= 200 && status < 300; }

std::string RandomToken() {
  std::random_device device;
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const std::uint32_t word = device();
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(word >> shift & 255));
  }
  return HexOf(bytes);
}

// Servers that know no etag say at least how long an object is and when it was written, lists to the millisecond.
void CompleteEtag(ObjectInfo& info) {
  if (info.etag.empty()) info.etag = std::to_string(info.size_bytes) + "-" + std::to_string(info.modified_ms / 1000);
}

// 401 and 403 are the caller's to mend, the rest of 4xx too; 5xx may pass.
ErrorCode CodeOf(int status) {
  if (status == 404) return ErrorCode::kNotFound;
  if (status == 416) return ErrorCode::kOutOfRange;
  if (status == 408 || status == 429 || status >= 500) return ErrorCode::kUnavailable;
  return ErrorCode::kIo;
}

std::string WhyOf(int status, const ServerError& error) {
  std::string why = "the server answered " + std::to_string(status);
  if (!error.code.empty()) why += " " + error.code;
  if (!error.message.empty()) why += ": " + error.message;
  return why;
}

}  // namespace

CloudObjectStore::CloudObjectStore(RetryContext context, std::unique_ptr<CloudDialect> dialect, std::string root,
                                   std::string uri)
    : context_(std::move(context)), dialect_(std::move(dialect)), root_(std::move(root)), uri_(std::move(uri)) {}

Result<std::string> CloudObjectStore::KeyOf(std::string_view path) const {
  LEVEE_RETURN_IF_ERROR(CheckRelativePath(path));
  if (root_.empty() || path.empty()) return root_ + std::string(path);
  return root_ + "/" + std::string(path);
}

std::string CloudObjectStore::UriOf(std::string_view path) const {
  return path.empty() ? uri_ : uri_ + "/" + EncodeUriPath(path);
}

std::unexpected<Error> CloudObjectStore::Refused(const HttpResponse& response, const std::string& what) const {
  const ServerError error = dialect_->ReadError(response);
  return Fail(CodeOf(response.status), what, WhyOf(response.status, error), error.hint);
}

Result<HttpAnswer> CloudObjectStore::Send(const std::string& what, const std::function<HttpRequest()>& make) {
  const auto signed_request = [&]() -> Result<HttpRequest> {
    HttpRequest request = make();
    LEVEE_RETURN_IF_ERROR(dialect_->Authorize(request));
    return request;
  };
  return SendWithRetries(context_, what, signed_request,
                         [this](const HttpResponse& response) { return dialect_->LearnFrom(response); });
}

Result<CloudObjectStore::Page> CloudObjectStore::OnePage(std::string_view folder, std::string_view start_after,
                                                         std::string continuation) {
  LEVEE_ASSIGN(std::string prefix, KeyOf(folder));
  if (!prefix.empty()) prefix += '/';
  ListSpec spec{.prefix = prefix, .continuation = std::move(continuation)};
  if (!start_after.empty()) spec.start_after = prefix + std::string(start_after);
  const std::string what = UriOf(folder);
  LEVEE_ASSIGN(const HttpAnswer answer, Send(what, [&] {
                 HttpRequest request = dialect_->List(spec);
                 request.answer_bytes_max = kListBytesMax;
                 return request;
               }));
  if (!IsSuccess(answer.response.status)) return Refused(answer.response, what);
  auto listed = dialect_->ReadList(answer.response);
  if (!listed) return Fail(ErrorCode::kIo, what, "the server's list cannot be read: " + listed.error().ToString());
  Page page{.objects = {}, .continuation = std::move(listed->continuation)};
  for (ObjectInfo& object : listed->objects) {
    if (!object.name.starts_with(prefix)) continue;
    object.name.erase(0, prefix.size());
    CompleteEtag(object);
    // A folder's own marker has an empty name.
    const bool direct = !object.name.empty() && object.name.find('/') == std::string::npos;
    if (direct && object.name > start_after) page.objects.push_back(std::move(object));
  }
  return page;
}

Result<std::vector<ObjectInfo>> CloudObjectStore::List(std::string_view folder, std::string_view start_after) {
  std::vector<ObjectInfo> objects;
  std::string continuation;
  do {
    LEVEE_ASSIGN(Page page, OnePage(folder, start_after, std::move(continuation)));
    std::move(page.objects.begin(), page.objects.end(), std::back_inserter(objects));
    continuation = std::move(page.continuation);
    if (objects.size() > kNamesMax) {
      return Fail(ErrorCode::kResourceExhausted, UriOf(folder), "it holds more than " + std::to_string(kNamesMax) + " objects");
    }
  } while (!continuation.empty());
  std::sort(objects.begin(), objects.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return objects;
}

Result<ObjectPage> CloudObjectStore::ListPage(std::string_view folder, std::string_view start_after) {
  LEVEE_ASSIGN(Page page, OnePage(folder, start_after, {}));
  return ObjectPage{.objects = std::move(page.objects), .complete = page.continuation.empty()};
}

Result<std::optional<ObjectInfo>> CloudObjectStore::Stat(std::string_view path) {
  LEVEE_ASSIGN(const std::string key, KeyOf(path));
  const std::string what = UriOf(path);
  LEVEE_ASSIGN(const HttpAnswer answer, Send(what, [&] { return dialect_->Stat(key); }));
  if (answer.response.status == 404) return std::optional<ObjectInfo>();
  if (!IsSuccess(answer.response.status)) return Refused(answer.response, what);
  ObjectInfo info = dialect_->ReadStat(answer.response);
  info.name = path.substr(path.rfind('/') + 1);
  CompleteEtag(info);
  return std::optional(std::move(info));
}

Result<HttpResponse> CloudObjectStore::Get(std::string_view path, std::optional<ByteRange> range) {
  LEVEE_ASSIGN(const std::string key, KeyOf(path));
  const std::string what = UriOf(path);
  LEVEE_ASSIGN(HttpAnswer answer, Send(what, [&] {
                 HttpRequest request = dialect_->Read(key, range);
                 // An error's text may be longer than the range.
                 if (range) request.answer_bytes_max = std::max(range->size, kErrorBytesMax);
                 return request;
               }));
  if (!IsSuccess(answer.response.status)) return Refused(answer.response, what);
  return std::move(answer.response);
}

Result<std::string> CloudObjectStore::Read(std::string_view path) {
  LEVEE_ASSIGN(HttpResponse response, Get(path, std::nullopt));
  return std::move(response.body);
}

Result<std::string> CloudObjectStore::ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) {
  if (size == 0) return std::string();
  LEVEE_ASSIGN(HttpResponse response, Get(path, ByteRange{.offset = offset, .size = size}));
  if (response.status != 206) {
    return Fail(ErrorCode::kUnsupported, UriOf(path), "the server does not answer with a range of bytes");
  }
  if (response.body.size() != size) {
    return Fail(ErrorCode::kOutOfRange, UriOf(path),
                "bytes " + std::to_string(offset) + " to " + std::to_string(offset + size) + " are not all there");
  }
  return std::move(response.body);
}

Result<bool> CloudObjectStore::WasPutWith(const std::string& key, const std::string& what, std::string_view token) {
  LEVEE_ASSIGN(const HttpAnswer answer, Send(what, [&] { return dialect_->Stat(key); }));
  if (answer.response.status == 404) return false;
  if (!IsSuccess(answer.response.status)) return Refused(answer.response, what);
  return dialect_->ReadToken(answer.response) == token;
}

Result<PutOutcome> CloudObjectStore::PutIfAbsent(std::string_view path, std::string_view content) {
  LEVEE_ASSIGN(const std::string key, KeyOf(path));
  const std::string what = UriOf(path);
  if (path.empty()) return Fail(ErrorCode::kInvalidArgument, what, "it is the store's root");
  const std::string token = RandomToken();
  for (int attempt = 1;; ++attempt) {
    LEVEE_ASSIGN(const HttpAnswer answer, Send(what, [&] {
                   return dialect_->PutIfAbsent({.key = key, .content = content, .token = token});
                 }));
    switch (dialect_->ReadPut(answer.response)) {
      case PutAnswer::kWritten: return PutOutcome::kWritten;
      case PutAnswer::kRefused: return Refused(answer.response, what);
      case PutAnswer::kTryAgain:
        if (attempt >= context_.options.attempts) return Refused(answer.response, what);
        LEVEE_RETURN_IF_ERROR(context_.sleep(static_cast<std::int64_t>(context_.random() * 100) + 20));
        break;
      case PutAnswer::kAlreadyThere:
        // It may be this writer's own, of an attempt whose answer was lost. One attempt may be two: libcurl sends a request
        // again by itself when a connection that was kept open turns out to be closed.
        LEVEE_ASSIGN(const bool own, WasPutWith(key, what, token));
        return own ? PutOutcome::kWritten : PutOutcome::kAlreadyThere;
    }
  }
}

}  // namespace levee::objectstore
