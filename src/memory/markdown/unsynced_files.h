// Writes files again that had not reached the disk when the machine went down.
#pragma once

#include <cstdint>

#include "levee/memory.h"
#include "memory/markdown/item_folder.h"

namespace levee::memory {

// What the index took since `synced_us` was acknowledged, and its files may be lost (missing, empty, nothing but zeros) or as they
// were before: these are made what the index says. A file that says anything else is somebody's edit and stays. Reads all files.
// Needs the folder's lock; how many files were written or removed.
Result<std::int64_t> RestoreUnsyncedFiles(ItemFolder& items, MemoryBank& index, std::int64_t synced_us);

}  // namespace levee::memory
