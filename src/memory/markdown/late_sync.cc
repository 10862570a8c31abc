#include "memory/markdown/late_sync.h"

#include <unistd.h>

#include <cerrno>

#include "base/status.h"
#include "memory/markdown/item_folder.h"
#include "memory/markdown/synced_mark.h"

namespace levee::memory {
namespace {

// A program that ends leaves the rest to the system, unless the mark is older than that: a sync of the file system may take long.
constexpr std::int64_t kMarkAgeUs = 60'000'000;

}  // namespace

LateSync::LateSync(const Folder& folder, Clock& clock, std::mutex& mutex, std::string boot)
    : folder_(folder), clock_(clock), mutex_(mutex), boot_(std::move(boot)) {}

LateSync::~LateSync() {
  syncing_.Stop();
  // Should it fail, the mark stays as old as it is.
  if (clock_.NowMicros() - marked_us_ > kMarkAgeUs) static_cast<void>(Sync());
}

void LateSync::Start(int interval_ms) {
  // A failure leaves the mark, and the next one tries again.
  syncing_.Add(interval_ms, [this] { static_cast<void>(Sync()); });
}

Status LateSync::Sync() {
  if (!dirty_) return {};
  SyncedMark mark{.boot = boot_};
  {
    // No write is half done then: what the index took before, the files have.
    const std::lock_guard lock(mutex_);
    LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(folder_));
    mark.synced_us = clock_.NowMicros();
    dirty_ = false;
  }
  Status synced;
  if (::syncfs(folder_.descriptor()) != 0) synced = FileFailure(folder_.path(), "syncing the files", errno);
  if (synced) {
    const std::lock_guard lock(mutex_);
    LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(folder_));
    synced = WriteSyncedMark(folder_, mark);
  }
  if (!synced) {
    dirty_ = true;
    return synced;
  }
  marked_us_ = mark.synced_us;
  return {};
}

}  // namespace levee::memory
