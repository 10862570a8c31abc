// What memory_drive loads and asks where the memory of a process is measured.
#pragma once

#include <string>

#include "levee/memory.h"

namespace levee::memory_bank {

// Lines of a file, "ID CATEGORY TAG WORDS", in batches of 1,000. Exit code.
int LoadLines(MemoryBank& bank, const std::string& path);
// Many questions of all kinds; prints a digest of the answers, the seconds they took, and the most KB that the process
// ever had resident. Exit code.
int AskMuch(MemoryBank& bank, int questions);

}  // namespace levee::memory_bank
