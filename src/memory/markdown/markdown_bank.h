// The memory bank in a folder of Markdown files, with another bank as its index. docs/memory-markdown.md says what it promises.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/schedule.h"
#include "levee/memory.h"
#include "memory/markdown/folder_sync.h"
#include "memory/markdown/folder_watch.h"
#include "memory/markdown/item_folder.h"
#include "memory/markdown/late_sync.h"
#include "memory/markdown/synced_mark.h"
#include "memory/model/forwarding_bank.h"

namespace levee::memory {

// Hears which files were written and removed, and why; it may commit them. Called under the bank's lock.
class FolderListener {
 public:
  virtual ~FolderListener() = default;
  virtual void Changed(const std::vector<std::string>& paths, const std::string& why) = 0;
};

struct MarkdownBankOptions {
  ItemFolderOptions folder;
  std::string sync_author = "file";           // of edits that were made in the folder
  std::unique_ptr<FolderListener> listener;   // may be null
  Clock* clock = &SystemClock();
  int sync_interval_ms = 1'000;               // of FileSync::kLater
  std::string boot = CurrentBoot();           // tests start the machine anew
};

// Thread-safe; several processes may have one folder open, if the index allows that. Reads ask the index. A write goes to the
// index, which decides what becomes of it, then to the files, and is acknowledged when both have it; one that is cut off between
// the two is taken back by whoever opens the folder next. What is synced before that is FileSync's: with kLater the index must be.
class MarkdownBank final : public ForwardingBank {
 public:
  // Opens the folder and takes over what changed in it. The index holds nothing but this folder's items.
  static Result<std::unique_ptr<MarkdownBank>> Open(MarkdownBankOptions options, std::unique_ptr<MemoryBank> index);

  // What opening took over.
  const SyncReport& opened() const { return opened_; }

  // Takes over what people and other programs changed: in these files, or in all that there are.
  Result<SyncReport> Sync(const SyncOptions& options);
  // Takes over edits as they are made, from a thread of its own, until the bank ends. `heard` is told what came of each; it may be
  // empty. Once.
  using Heard = std::function<void(const Result<SyncReport>& report)>;
  void Watch(const FolderWatchOptions& options, const Heard& heard);

  // Removes what Maintain removes of files and folders, from a thread of its own; `heard` is told what came of it. Once.
  void CollectGarbageEvery(int interval_ms, std::function<void(const Status& collected)> heard);

  const std::string& uri() const override { return uri_; }
  Result<std::vector<Written>> Store(std::vector<ItemWrite> items, const WriteOptions& options) override;
  Result<std::vector<Written>> Update(std::vector<ItemChange> changes, const WriteOptions& options) override;
  Result<std::vector<Written>> Delete(std::vector<ItemRemoval> removals, const WriteOptions& options) override;
  // Also removes files of expired items, temporary files that a killed process left, and empty folders.
  Result<MaintenanceReport> Maintain(const MaintenanceOptions& options) override;
  // Also reads every file and compares it with its item.
  Result<VerifyReport> Verify() override;

 private:
  MarkdownBank(MarkdownBankOptions options, std::unique_ptr<ItemFolder> items, std::unique_ptr<MemoryBank> index);

  // States in which the manifest believes files to be that changed since. Those edits are taken over first, so that none is lost.
  using Believed = std::map<std::string, FileState>;
  Result<Believed> TakeOver(const std::vector<std::string>& ids);
  // Writes to the index by `write`, then to the files of those ids that it changed.
  template <typename Write>
  Result<std::vector<Written>> WriteThrough(const std::vector<std::string>& ids, const char* why, Write&& write);
  Status Land(const std::vector<Written>& written, const Believed& believed, const char* why);
  Status LandFiles(const std::vector<std::string>& changed, const std::vector<std::string>& gone, const Believed& believed,
                   const char* why);
  FolderSync MakeSync() { return {*items_, *index_, *options_.clock, options_.sync_author}; }
  // Makes good what a power cut took, syncs the folder, takes over what changed in it.
  Status Settle();
  Status CollectGarbage();
  // These need the folder's lock.
  Status RemoveGarbage();
  Status RemoveExpired();
  Status RemoveLeftovers();

  const MarkdownBankOptions options_;
  const std::string uri_;
  const std::unique_ptr<MemoryBank> index_;
  SyncReport opened_;                         // constant once it is open
  std::mutex mutex_;                          // of items_ and of the order of writes
  const std::unique_ptr<ItemFolder> items_;
  std::optional<LateSync> late_sync_;         // with FileSync::kLater
  Schedule collecting_;
  std::unique_ptr<FolderWatch> watch_;        // the last, as it uses all others
};

}  // namespace levee::memory
