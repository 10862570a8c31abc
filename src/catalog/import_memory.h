// How an import shares out its memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/memory_budget.h"

namespace levee::catalog {

struct ImportMemory {
  int read_threads = 1;         // row groups of the base that are decoded at once
  std::size_t batch_bytes = 0;  // of a batch before it is spilled; 0: no bound but its rows
  std::size_t merge_bytes = 0;  // for sort keys and the pieces that are merged at once; 0: no bound
};

// Holds of the process's budget what an import of `limit_bytes` (as below) may take: three quarters of it, less where
// others hold more, but always something. Answers what to share out.
std::int64_t HoldImportMemory(std::int64_t limit_bytes, MemoryHold& hold);

// `limit_bytes` is the setting `memory_limit`; 0: a quarter of the machine's.
ImportMemory ShareMemory(std::int64_t limit_bytes, int threads);

// Hands freed memory back to the system, between two steps that need it for other things.
void GiveBackFreed();

}  // namespace levee::catalog
