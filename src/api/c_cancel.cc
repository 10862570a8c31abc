// Cancellation for C: tokens, and which of them the calling thread obeys.
#include <optional>

#include "api/c_error.h"
#include "levee/cancel.h"
#include "levee/levee_c.h"

struct levee_cancel_token {
  levee::CancelToken token;
};

namespace {

// Between calls no scope of Levee's own stands on the thread, so this one may come and go at any time.
thread_local std::optional<levee::CancelScope> scope;

}  // namespace

using levee::Status;
using levee::api::Need;
using levee::api::RunForC;

extern "C" {

levee_code levee_cancel_token_new(int64_t timeout_ms, levee_cancel_token** token, levee_error** error) {
  if (token != nullptr) *token = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(token, "token"));
    *token = new levee_cancel_token{
        levee::CancelToken(timeout_ms < 0 ? std::nullopt : std::optional<std::int64_t>(timeout_ms))};
    return {};
  });
}

void levee_cancel_token_cancel(const levee_cancel_token* token) {
  if (token != nullptr) token->token.Cancel();
}

levee_code levee_cancel_token_use(const levee_cancel_token* token, levee_error** error) {
  return RunForC(error, [&]() -> Status {
    scope.reset();
    if (token != nullptr) scope.emplace(token->token);
    return {};
  });
}

void levee_cancel_token_free(levee_cancel_token* token) { delete token; }

}  // extern "C"
