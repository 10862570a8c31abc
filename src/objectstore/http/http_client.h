// Sends requests over libcurl.
#pragma once

#include <expected>
#include <memory>
#include <mutex>
#include <vector>

#include "base/status.h"
#include "objectstore/http/curl_library.h"
#include "objectstore/http/http_message.h"
#include "objectstore/http/http_options.h"

namespace levee::objectstore {

// Why there is no answer.
struct HttpFailure {
  Error error;
  bool may_pass = false;  // worth another attempt
};

// One attempt at a request. Thread-safe.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  // Any status is an answer. `what` names the object in errors, since the URL may hold a secret. Ends within 50 ms of the
  // calling thread's cancellation.
  virtual std::expected<HttpResponse, HttpFailure> Send(const HttpRequest& request, const std::string& what,
                                                        const HttpOptions& options) = 0;
};

// Keeps connections alive between requests. Certificates are checked, redirects are not followed.
class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(const CurlLibrary& curl) : curl_(curl) {}
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  ~CurlTransport() override;

  // The process's own; kUnsupported without libcurl.
  static Result<HttpTransport*> Process();

  std::expected<HttpResponse, HttpFailure> Send(const HttpRequest& request, const std::string& what,
                                                const HttpOptions& options) override;

 private:
  // A handle with the connections that it has open.
  struct Session {
    CURL* easy = nullptr;
    CURLM* multi = nullptr;
  };

  Session Take();
  void GiveBack(Session session);
  void Close(Session session);

  const CurlLibrary& curl_;
  std::mutex mutex_;
  std::vector<Session> idle_;  // guarded by mutex_
};

}  // namespace levee::objectstore
