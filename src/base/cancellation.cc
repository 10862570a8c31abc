#include "base/cancellation.h"

#include <utility>

namespace levee {
namespace {

constinit thread_local const CancellationScope* innermost = nullptr;

// 0: not counting.
constinit std::atomic<std::int64_t> failing_check{0};
constinit std::atomic<std::int64_t> checks{0};

}  // namespace

CancellationScope::CancellationScope(Cancellation cancellation)
    : cancellation_(std::move(cancellation)), outer_(std::exchange(innermost, this)) {}

CancellationScope::~CancellationScope() { innermost = outer_; }

Cancellation CurrentCancellation() { return innermost == nullptr ? Cancellation() : innermost->cancellation_; }

Status CheckCancelled() {
  if (innermost == nullptr) return {};
  const std::int64_t failing = failing_check.load(std::memory_order_relaxed);
  if (failing != 0 && checks.fetch_add(1, std::memory_order_relaxed) + 1 >= failing) {
    return Fail(ErrorCode::kCancelled, "work", "it was cancelled");
  }
  return innermost->cancellation_.Check();
}

void FailChecksForTest(std::int64_t nth) {
  checks = 0;
  failing_check = nth;
}

std::int64_t ChecksCountedForTest() { return checks; }

}  // namespace levee
