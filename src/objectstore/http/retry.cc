#include "objectstore/http/retry.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "base/cancellation.h"
#include "metrics/metrics.h"
#include "objectstore/http/http_time.h"

namespace levee::objectstore {
namespace {

constexpr std::int64_t kFirstWaitMs = 100, kWaitMsMax = 20'000;

bool IsRetryable(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

Status SleepUnlessCancelled(std::int64_t milliseconds) {
  constexpr std::int64_t kSliceMs = 20;
  for (std::int64_t left = milliseconds; left > 0; left -= kSliceMs) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(left, kSliceMs)));
  }
  return CheckCancelled();
}

double Chance() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return std::generate_canonical<double, 32>(generator);
}

// Seconds, or a date; 0 when there is none.
std::int64_t RetryAfterMs(const HttpResponse& response, Clock& clock) {
  const std::string text(response.Header("retry-after"));
  if (text.empty()) return 0;
  if (text.find_first_not_of("0123456789") == std::string::npos && text.size() < 10) return std::stoll(text) * 1000;
  const auto date_ms = ParseHttpDate(text);
  return date_ms ? std::max<std::int64_t>(0, *date_ms - clock.NowMicros() / 1000) : 0;
}

std::int64_t WaitMs(int attempt, double chance) {
  const double whole = std::min(static_cast<double>(kWaitMsMax), kFirstWaitMs * std::exp2(attempt - 1));
  return static_cast<std::int64_t>(whole * (0.5 + chance / 2));
}

void Erase(std::string& text, std::string_view secret) {
  if (secret.size() < 4) return;  // too common a text to be one
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "***");
    at += 3;
  }
}

// A server may repeat what it was sent; messages are made of its answer.
void EraseSecrets(const HttpRequest& request, HttpResponse& response) {
  if (response.status < 300) return;
  for (const HttpHeader& header : request.headers) {
    if (!header.secret) continue;
    Erase(response.body, header.value);
    // "Bearer TOKEN": the token alone too.
    Erase(response.body, std::string_view(header.value).substr(header.value.find(' ') + 1));
  }
  for (const std::string& secret : request.secrets) Erase(response.body, secret);
}

std::string Attempts(int attempts) { return attempts > 1 ? ", tried " + std::to_string(attempts) + " times" : ""; }

}  // namespace

RetryContext ProcessRetryContext(HttpTransport& transport, const HttpOptions& options) {
  return {.transport = transport,
          .options = options,
          .clock = SystemClock(),
          .sleep = SleepUnlessCancelled,
          .random = Chance};
}

Result<HttpAnswer> SendWithRetries(const RetryContext& context, const std::string& what, const RequestMaker& make,
                                   const std::function<bool(const HttpResponse&)>& also_again) {
  const std::int64_t start_ns = context.clock.MonotonicNanos();
  for (int attempt = 1;; ++attempt) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    LEVEE_ASSIGN(const HttpRequest request, make());
    auto sent = context.transport.Send(request, what, context.options);
    if (sent) EraseSecrets(request, *sent);
    bool again = sent ? IsRetryable(sent->status) : sent.error().may_pass;
    if (!again && sent && sent->status >= 300 && also_again) again = also_again(*sent);
    const std::int64_t asked_ms = sent ? RetryAfterMs(*sent, context.clock) : 0;
    const std::int64_t wait_ms = std::max(WaitMs(attempt, context.random()), asked_ms);
    const std::int64_t spent_ms = (context.clock.MonotonicNanos() - start_ns) / 1'000'000;
    const bool room = attempt < context.options.attempts && spent_ms + wait_ms <= context.options.retry_time_ms;
    if (!again || !room) {
      if (sent) return HttpAnswer{.response = std::move(*sent), .attempts = attempt};
      Error error = std::move(sent.error().error);
      error.why += Attempts(attempt);
      return std::unexpected(std::move(error));
    }
    metrics::Count(metrics::Metric::kHttpRetries);
    LEVEE_RETURN_IF_ERROR(context.sleep(wait_ms));
  }
}

}  // namespace levee::objectstore
