// Brings what was written to a folder to the disk after it was acknowledged, and knows until when that is done.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/schedule.h"
#include "memory/markdown/folder.h"

namespace levee::memory {

// Thread-safe. The mark that it leaves is for whoever opens the folder after the machine went down (unsynced_files.h).
class LateSync {
 public:
  // `mutex` is held by every write of this process while it writes to its index and the folder; writes of others hold the folder's
  // lock. `boot` as CurrentBoot() has it.
  LateSync(const Folder& folder, Clock& clock, std::mutex& mutex, std::string boot);
  ~LateSync();

  // Something was written.
  void Written() { dirty_ = true; }
  // Syncs what was written until now, if anything was, and sets the mark.
  Status Sync();
  // From now on every so often.
  void Start(int interval_ms);

 private:
  const Folder& folder_;
  Clock& clock_;
  std::mutex& mutex_;
  const std::string boot_;
  std::atomic<bool> dirty_ = true;      // whatever was there before
  std::atomic<std::int64_t> marked_us_ = 0;
  Schedule syncing_;
};

}  // namespace levee::memory
