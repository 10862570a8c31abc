// Requests that are tried again.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "objectstore/http/http_client.h"

namespace levee::objectstore {

// Makes a request, signed as of now: it is asked anew for each attempt.
using RequestMaker = std::function<Result<HttpRequest>()>;

struct RetryContext {
  HttpTransport& transport;
  HttpOptions options;
  Clock& clock;
  // Sleeps, or fails once the calling thread is cancelled.
  std::function<Status(std::int64_t milliseconds)> sleep;
  // In [0, 1).
  std::function<double()> random;
};

// With the process's transport, the machine's clock, real sleep and chance.
RetryContext ProcessRetryContext(HttpTransport& transport, const HttpOptions& options);

struct HttpAnswer {
  HttpResponse response;
  int attempts = 1;
};

// Sends until there is an answer that another attempt would not better: one whose status is none of 408, 429, 500, 502,
// 503 and 504. Connections that fail and bodies that are cut off are tried again too. Waits
// 100 ms, twice as long each time up to 20 s, times a random factor from 0.5 to 1, but at least what Retry-After asks
// for. The last answer or failure is returned once the attempts or the time of the options are used up, or when
// Retry-After goes beyond them.
// `also_again` may ask for another attempt after any other answer.
Result<HttpAnswer> SendWithRetries(const RetryContext& context, const std::string& what, const RequestMaker& make,
                                   const std::function<bool(const HttpResponse&)>& also_again = {});

}  // namespace levee::objectstore
