#include "memory/statistics/process_memory.h"

#include <unistd.h>

#include <cstdio>

namespace levee::memory {

std::int64_t ProcessBytes() {
  std::FILE* const file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  long pages = 0, resident = 0;
  const int read = std::fscanf(file, "%ld %ld", &pages, &resident);
  std::fclose(file);
  return read == 2 ? static_cast<std::int64_t>(resident) * ::sysconf(_SC_PAGESIZE) : 0;
}

}  // namespace levee::memory
