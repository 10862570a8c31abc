// For tests: answers to requests as a test wrote them down, and a clock that sleeping moves on.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "objectstore/http/retry.h"

namespace levee::fakes {

class SleepingClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_ms * 1000; }
  std::int64_t MonotonicNanos() override { return now_ms * 1'000'000; }
  std::int64_t now_ms = 1'700'000'000'000;
};

// Answers in the order in which they were added; beyond them with 599. For one thread.
class ScriptedTransport final : public objectstore::HttpTransport {
 public:
  using Answer = std::expected<objectstore::HttpResponse, objectstore::HttpFailure>;

  void Add(int status, std::string body = {}, std::vector<objectstore::HttpHeader> headers = {}) {
    answers_.push_back(objectstore::HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  void AddFailure(ErrorCode code, bool may_pass) {
    answers_.push_back(std::unexpected(
        objectstore::HttpFailure{.error = {.code = code, .what = "w", .why = "it broke"}, .may_pass = may_pass}));
  }
  Answer Send(const objectstore::HttpRequest& request, const std::string&, const objectstore::HttpOptions&) override {
    requests.push_back(request);
    if (answers_.empty()) return objectstore::HttpResponse{.status = 599};
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  std::vector<objectstore::HttpRequest> requests;

 private:
  std::deque<Answer> answers_;
};

// What the last request had as a header; empty without one.
inline std::string HeaderOf(const objectstore::HttpRequest& request, std::string_view name) {
  for (const objectstore::HttpHeader& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

// Waits are as long as they may be, and take no time.
struct ScriptedCloud {
  ScriptedTransport transport;
  SleepingClock clock;
  std::vector<std::int64_t> waits_ms;

  objectstore::RetryContext context(objectstore::HttpOptions options = {}) {
    return {.transport = transport,
            .options = options,
            .clock = clock,
            .sleep = [this](std::int64_t ms) -> Status {
              waits_ms.push_back(ms);
              clock.now_ms += ms;
              return {};
            },
            .random = [] { return 1.0; }};
  }
};

}  // namespace levee::fakes
