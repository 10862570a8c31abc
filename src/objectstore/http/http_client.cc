#include "objectstore/http/http_client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>
#include <utility>

#include "base/cancellation.h"
#include "metrics/metrics.h"
#include "objectstore/http/variables.h"
#include "settings/settings.h"

namespace levee::objectstore {
namespace {

// How long a request waits for bytes before it looks at the cancellation.
constexpr int kPollMs = 50;
// Connections that are kept open while nobody asks.
constexpr std::size_t kIdleMax = 64;
constexpr std::size_t kHeadersMax = 200;
// What an answer's length makes room for at once; a longer one grows as it comes.
constexpr std::uint64_t kReserveBytesMax = std::uint64_t{256} << 20;
// JSON parsers want some readable bytes past the text: room for them spares a copy.
constexpr std::size_t kPaddingBytes = 64;

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// What curl's callbacks fill.
struct Receiver {
  HttpResponse response;
  std::uint64_t bytes_max = 0;
  bool too_long = false;
};

std::size_t TakeHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const std::string_view line = Trim({data, size * count});
  if (line.starts_with("HTTP/")) {
    receiver.response.headers.clear();  // what came before was an interim answer: 100 Continue
    return size * count;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  if (receiver.response.headers.size() >= kHeadersMax) return 0;
  HttpHeader header{.name = LowerCase(line.substr(0, colon)), .value = std::string(Trim(line.substr(colon + 1)))};
  if (header.name == "content-length") {
    const std::uint64_t length = std::strtoull(header.value.c_str(), nullptr, 10);
    receiver.response.body.reserve(std::min({length, receiver.bytes_max, kReserveBytesMax}) + kPaddingBytes);
  }
  receiver.response.headers.push_back(std::move(header));
  return size * count;
}

std::size_t TakeBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  if (receiver.response.body.size() + size * count > receiver.bytes_max) {
    receiver.too_long = true;
    return 0;
  }
  receiver.response.body.append(data, size * count);
  return size * count;
}

class HeaderList {
 public:
  HeaderList(const CurlLibrary& curl, const HttpRequest& request) : curl_(curl) {
    Append("Expect:");  // curl would wait a second for leave to send a long body
    Append("User-Agent: levee");
    for (const HttpHeader& header : request.headers) {
      Append(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_.slist_free_all(list_); }
  curl_slist* get() const { return list_; }

 private:
  void Append(const std::string& line) { list_ = curl_.slist_append(list_, line.c_str()); }

  const CurlLibrary& curl_;
  curl_slist* list_ = nullptr;
};

void SetMethod(const CurlLibrary& curl, CURL* easy, const HttpRequest& request) {
  switch (request.method) {
    case HttpMethod::kGet: break;
    case HttpMethod::kHead: curl.easy_setopt(easy, CURLOPT_NOBODY, 1L); break;
    case HttpMethod::kPut:
    case HttpMethod::kPost:
      curl.easy_setopt(easy, CURLOPT_POST, 1L);
      curl.easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
      curl.easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      break;
  }
  if (request.method == HttpMethod::kPut) curl.easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
}

// Certificates that are trusted beside, or instead of, those that libcurl was built with; by the names that other
// programs read.
const std::string& TrustedCertificates() {
  static const auto* const path =
      new std::string(FirstOf(settings::ProcessEnvironment, {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}));
  return *path;
}

void SetTimes(const CurlLibrary& curl, CURL* easy, const HttpRequest& request, const HttpOptions& options) {
  const std::int64_t whole_ms = request.timeout_ms > 0 ? request.timeout_ms : options.request_timeout_ms;
  std::int64_t connect_ms = options.connect_timeout_ms;
  if (whole_ms > 0) connect_ms = std::min(connect_ms, whole_ms);
  curl.easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_ms));
  curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(whole_ms));
  curl.easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>((options.stall_timeout_ms + 999) / 1000));
}

bool MayPass(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_WEIRD_SERVER_REPLY: return true;
    default: return false;
  }
}

std::string HintFor(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return "check the endpoint's name and the network";
    case CURLE_PEER_FAILED_VERIFICATION: return "the server's certificate must be trusted by this machine";
    default: return {};
  }
}

HttpFailure Failure(ErrorCode code, const std::string& what, std::string why) {
  return {.error = {.code = code, .what = what, .why = std::move(why)}};
}

}  // namespace

CurlTransport::~CurlTransport() {
  for (const Session session : idle_) Close(session);
}

Result<HttpTransport*> CurlTransport::Process() {
  LEVEE_ASSIGN(const CurlLibrary* const curl, LoadCurl());
  // Lives as long as the process: object stores that are opened late may still send.
  static auto* const transport = new CurlTransport(*curl);
  return transport;
}

CurlTransport::Session CurlTransport::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      const Session session = idle_.back();
      idle_.pop_back();
      return session;
    }
  }
  return {.easy = curl_.easy_init(), .multi = curl_.multi_init()};
}

void CurlTransport::GiveBack(Session session) {
  curl_.easy_reset(session.easy);
  {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleMax) {
      idle_.push_back(session);
      return;
    }
  }
  Close(session);
}

void CurlTransport::Close(Session session) {
  if (session.multi != nullptr) curl_.multi_cleanup(session.multi);
  if (session.easy != nullptr) curl_.easy_cleanup(session.easy);
}

std::expected<HttpResponse, HttpFailure> CurlTransport::Send(const HttpRequest& request, const std::string& what,
                                                             const HttpOptions& options) {
  const metrics::Timer timer(metrics::Metric::kHttpSeconds);
  const Session session = Take();
  if (session.easy == nullptr || session.multi == nullptr) {
    Close(session);
    return std::unexpected(Failure(ErrorCode::kResourceExhausted, what, "libcurl has no room for another request"));
  }
  CURL* const easy = session.easy;
  Receiver receiver{.response = {}, .bytes_max = request.answer_bytes_max};
  std::array<char, CURL_ERROR_SIZE> reason{};
  const HeaderList headers(curl_, request);
  curl_.easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_.easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // ".." in a key is a name like any other
  curl_.easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_.easy_setopt(easy, CURLOPT_HEADERFUNCTION, &TakeHeader);
  curl_.easy_setopt(easy, CURLOPT_HEADERDATA, &receiver);
  curl_.easy_setopt(easy, CURLOPT_WRITEFUNCTION, &TakeBody);
  curl_.easy_setopt(easy, CURLOPT_WRITEDATA, &receiver);
  curl_.easy_setopt(easy, CURLOPT_ERRORBUFFER, reason.data());
  curl_.easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L * 1024);
  if (!TrustedCertificates().empty()) curl_.easy_setopt(easy, CURLOPT_CAINFO, TrustedCertificates().c_str());
  if (request.direct) curl_.easy_setopt(easy, CURLOPT_NOPROXY, "*");
  SetMethod(curl_, easy, request);
  SetTimes(curl_, easy, request, options);

  metrics::Count(metrics::Metric::kHttpRequests);
  CURLMcode multi_code = curl_.multi_add_handle(session.multi, easy);
  Status going;
  CURLcode code = CURLE_OK;
  for (int running = 1; multi_code == CURLM_OK && running > 0;) {
    multi_code = curl_.multi_perform(session.multi, &running);
    if (multi_code != CURLM_OK || running == 0) break;
    going = CheckCancelled();
    if (!going) break;
    multi_code = curl_.multi_poll(session.multi, nullptr, 0, kPollMs, nullptr);
  }
  int left = 0;
  while (CURLMsg* const message = curl_.multi_info_read(session.multi, &left)) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  long status = 0;
  curl_.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_.multi_remove_handle(session.multi, easy);
  GiveBack(session);

  if (!going) return std::unexpected(HttpFailure{.error = std::move(going).error()});
  if (multi_code != CURLM_OK) {
    return std::unexpected(Failure(ErrorCode::kIo, what, curl_.multi_strerror(multi_code)));
  }
  if (receiver.too_long) {
    return std::unexpected(Failure(ErrorCode::kIo, what,
                                   "the answer is longer than the " + std::to_string(request.answer_bytes_max) +
                                       " bytes that were asked for"));
  }
  if (code != CURLE_OK) {
    HttpFailure failure = Failure(MayPass(code) ? ErrorCode::kUnavailable : ErrorCode::kIo, what,
                                  reason[0] != '\0' ? reason.data() : curl_.easy_strerror(code));
    failure.error.hint = HintFor(code);
    failure.may_pass = MayPass(code);
    return std::unexpected(std::move(failure));
  }
  metrics::Count(metrics::Metric::kHttpReceivedBytes, static_cast<std::int64_t>(receiver.response.body.size()));
  receiver.response.status = static_cast<int>(status);
  return std::move(receiver.response);
}

}  // namespace levee::objectstore
