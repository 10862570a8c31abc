// levee::CancelToken over base's Cancellation.
#include "levee/cancel.h"

#include <algorithm>

#include "base/cancellation.h"
#include "base/clock.h"

namespace levee {
namespace {

constexpr std::int64_t kNanosAMilli = 1'000'000;

Cancellation Make(std::optional<std::int64_t> timeout_ms) {
  if (!timeout_ms) return Cancellation(SystemClock());
  std::int64_t deadline_ns = 0;
  if (__builtin_mul_overflow(std::max<std::int64_t>(*timeout_ms, 0), kNanosAMilli, &deadline_ns) ||
      __builtin_add_overflow(deadline_ns, SystemClock().MonotonicNanos(), &deadline_ns)) {
    return Cancellation(SystemClock());  // further off than the clock goes
  }
  return Cancellation(SystemClock(), deadline_ns);
}

}  // namespace

struct CancelToken::State {
  Cancellation cancellation;
};

CancelToken::CancelToken(std::optional<std::int64_t> timeout_ms) : state_(new State{Make(timeout_ms)}) {}

void CancelToken::Cancel() const noexcept { state_->cancellation.Cancel(); }

struct CancelScope::State {
  CancellationScope scope;
};

CancelScope::CancelScope(const CancelToken& token)
    : state_(new State{CancellationScope(token.state_->cancellation)}) {}

CancelScope::~CancelScope() = default;

}  // namespace levee
