#include "base/cpu.h"

#if defined(__x86_64__)
#include <sys/platform/x86.h>
#endif

namespace levee {

bool HasAvx2() {
#if defined(__x86_64__)
  return CPU_FEATURE_ACTIVE(AVX2);
#else
  return false;
#endif
}

}  // namespace levee
