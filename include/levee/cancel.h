// Calling off what a thread asks of Levee.
//
//   levee::CancelToken token(5'000);              // given up after 5 s, or once anybody calls token.Cancel()
//   const levee::CancelScope scope(token);
//   auto files = table->Files(query);             // kCancelled then, within 50 ms of processor time
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

namespace levee {

// Copies stand for the same work. Thread-safe.
class CancelToken {
 public:
  // `timeout_ms`: from now on, at least 0; none: cancelled by Cancel() alone.
  explicit CancelToken(std::optional<std::int64_t> timeout_ms = std::nullopt);
  // For ever. From any thread, and from a signal handler.
  void Cancel() const noexcept;

 private:
  friend class CancelScope;
  struct State;
  std::shared_ptr<State> state_;
};

// What the calling thread asks while it stands - streams that it reads among it - ends with kCancelled once the token is
// cancelled or its time is over; a stream's get_next answers ECANCELED. Nothing is left behind. Scopes nest, and the
// innermost counts. Made and destroyed by one thread.
class CancelScope {
 public:
  explicit CancelScope(const CancelToken& token);
  CancelScope(const CancelScope&) = delete;
  CancelScope& operator=(const CancelScope&) = delete;
  ~CancelScope();

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace levee
