#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace levee {

void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "levee: defect: %s:%d: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace levee
