#include "objectstore/http/retry.h"

#include <gtest/gtest.h>

#include "base/cancellation.h"

#include "tests/fakes/scripted_transport.h"

namespace levee::objectstore {
namespace {

using Waits = std::vector<std::int64_t>;

class RetryTest : public testing::Test {
 protected:
  Result<HttpAnswer> Send(HttpOptions options = {}) {
    return SendWithRetries(cloud_.context(options), "s3://b/k", [this]() -> Result<HttpRequest> {
      ++made_;
      return HttpRequest{.url = "https://h/k",
                         .headers = {{.name = "Authorization", .value = "Bearer TOPSECRET", .secret = true}},
                         .secrets = {"SIGNATURE"}};
    });
  }
  fakes::ScriptedCloud cloud_;
  int made_ = 0;
};

TEST_F(RetryTest, AGoodAnswerIsAskedForOnce) {
  cloud_.transport.Add(200, "x");
  const auto answer = Send();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->attempts, 1);
}

TEST_F(RetryTest, WaitsTwiceAsLongEachTimeAndSignsAnew) {
  for (const int status : {503, 500, 429, 502, 504, 408}) cloud_.transport.Add(status);
  cloud_.transport.Add(200);
  const auto answer = Send();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->attempts, 7);
  EXPECT_EQ(made_, 7);
  EXPECT_EQ(cloud_.waits_ms, (Waits{100, 200, 400, 800, 1600, 3200}));
}

TEST_F(RetryTest, TheLastAnswerStandsWhenAttemptsAreUsedUp) {
  for (int i = 0; i < 5; ++i) cloud_.transport.Add(503, "slow down");
  const auto answer = Send({.attempts = 3});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->response.status, 503);
  EXPECT_EQ(cloud_.transport.requests.size(), 3u);
}

TEST_F(RetryTest, OtherAnswersAreNotAskedForAgain) {
  for (const int status : {400, 401, 403, 404, 409, 412, 501}) {
    cloud_.transport.Add(status);
    EXPECT_EQ(Send()->response.status, status);
  }
  EXPECT_TRUE(cloud_.waits_ms.empty());
}

TEST_F(RetryTest, HonoursRetryAfterInSecondsAndAsADate) {
  cloud_.transport.Add(429, "", {{.name = "retry-after", .value = "7"}});
  cloud_.transport.Add(503, "", {{.name = "retry-after", .value = "Tue, 14 Nov 2023 22:13:37 GMT"}});  // 10 s ahead
  cloud_.transport.Add(200);
  ASSERT_TRUE(Send());
  EXPECT_EQ(cloud_.waits_ms, (Waits{7'000, 10'000}));
}

TEST_F(RetryTest, ARetryAfterBeyondTheTimeIsGivenUpAtOnce) {
  cloud_.transport.Add(503, "", {{.name = "retry-after", .value = "3600"}});
  EXPECT_EQ(Send()->response.status, 503);
  EXPECT_TRUE(cloud_.waits_ms.empty());
}

TEST_F(RetryTest, TheTimeOfAllAttemptsIsBounded) {
  for (int i = 0; i < 100; ++i) cloud_.transport.Add(500);
  ASSERT_TRUE(Send({.attempts = 100, .retry_time_ms = 1'000}));
  EXPECT_EQ(cloud_.waits_ms, (Waits{100, 200, 400}));
}

TEST_F(RetryTest, FailuresThatMayPassAreTriedAgain) {
  cloud_.transport.AddFailure(ErrorCode::kUnavailable, true);
  cloud_.transport.Add(200);
  const auto answer = Send();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->attempts, 2);
  cloud_.transport.AddFailure(ErrorCode::kIo, false);
  const auto broken = Send();
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kIo);
  for (int i = 0; i < 3; ++i) cloud_.transport.AddFailure(ErrorCode::kUnavailable, true);
  EXPECT_EQ(Send({.attempts = 3}).error().why, "it broke, tried 3 times");
}

TEST_F(RetryTest, CancellationEndsTheWait) {
  cloud_.transport.Add(503);
  RetryContext context = ProcessRetryContext(cloud_.transport, {});
  Cancellation cancellation(SystemClock(), SystemClock().MonotonicNanos() + 20'000'000);
  const CancellationScope scope(cancellation);
  const auto answer = SendWithRetries(context, "w", []() -> Result<HttpRequest> { return HttpRequest{}; });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
}

TEST_F(RetryTest, SecretsThatAServerRepeatsAreErased) {
  cloud_.transport.Add(403, "wrong: Bearer TOPSECRET, TOPSECRET and SIGNATURE; TOPSECRETTOPSECRET");
  EXPECT_EQ(Send()->response.body, "wrong: ***, *** and ***; ******");
}

}  // namespace
}  // namespace levee::objectstore
