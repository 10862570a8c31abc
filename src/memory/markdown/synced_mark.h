// Until when what was written to a folder has certainly reached the disk: .levee/synced, "BOOT MICROSECONDS\n".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "memory/markdown/folder.h"

namespace levee::memory {

struct SyncedMark {
  std::string boot;            // of the machine, while the mark was made; another one now: it went down since
  std::int64_t synced_us = 0;  // what was written before is on the disk
};

// Empty: there is none that can be read.
Result<std::optional<SyncedMark>> ReadSyncedMark(const Folder& folder);
// On the disk when it returns.
Status WriteSyncedMark(const Folder& folder, const SyncedMark& mark);
Status RemoveSyncedMark(const Folder& folder);

// What the kernel calls this start of the machine; empty: it does not say.
std::string CurrentBoot();

}  // namespace levee::memory
