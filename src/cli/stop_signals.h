// SIGINT and SIGTERM as a Cancellation.
#pragma once

#include <csignal>

#include "base/cancellation.h"

namespace levee::cli {

// While it lives, the first of either signal cancels; a second ends the process at once, as ever. Needs no thread, so
// that short commands cost nothing more. One at a time.
class StopSignals {
 public:
  explicit StopSignals(Cancellation cancellation);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // The signal that came; 0: none.
  int raised() const;

 private:
  struct sigaction before_interrupt_ {};
  struct sigaction before_terminate_ {};
};

}  // namespace levee::cli
