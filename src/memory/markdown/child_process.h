// Runs another program to its end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "levee/status.h"

namespace levee::memory {

struct ChildResult {
  int exit_code = 0;
  std::string output;  // standard output and error, the first 64 KiB
};

// `words` are the program (looked for in PATH) and its arguments; no shell is asked. Variables of the environment whose name begins
// with one of `without` are not passed on. STORAGE_ERROR: it cannot be started, or runs for longer than the limit; then it is ended.
struct ChildOptions {
  std::string_view input;
  std::vector<std::string_view> without;
  int limit_ms = 60'000;
};
Result<ChildResult> RunChild(const std::vector<std::string>& words, const ChildOptions& options);

}  // namespace levee::memory
