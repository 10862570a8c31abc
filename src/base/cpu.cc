#include "base/cpu.h"

#if defined(__x86_64__) && !defined(__clang__)
#include <sys/platform/x86.h>
#endif

namespace levee {

bool HasAvx2() {
#if defined(__x86_64__) && defined(__clang__)
  return __builtin_cpu_supports("avx2");  // the C library's header is no C++ to this compiler
#elif defined(__x86_64__)
  return CPU_FEATURE_ACTIVE(AVX2);
#else
  return false;
#endif
}

}  // namespace levee
