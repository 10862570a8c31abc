// Checks for defects of Levee itself. A caller's mistake is an Error instead.
#pragma once

namespace levee {

// Prints the place and the condition to standard error and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);

}  // namespace levee

// Always on: for conditions whose violation would corrupt data.
#define LEVEE_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::levee::CheckFailed(__FILE__, __LINE__, #condition))

// On unless NDEBUG: for inner loops.
#ifdef NDEBUG
#define LEVEE_DCHECK(condition) void(0)
#else
#define LEVEE_DCHECK(condition) LEVEE_CHECK(condition)
#endif
