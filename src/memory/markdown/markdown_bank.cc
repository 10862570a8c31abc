#include "memory/markdown/markdown_bank.h"

#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/status.h"
#include "base/test_pause.h"
#include "memory/markdown/unsynced_files.h"

namespace levee::memory {
namespace {

template <typename Range>
std::vector<std::string> IdsOf(const Range& range) {
  std::vector<std::string> ids;
  ids.reserve(range.size());
  for (const auto& element : range) ids.push_back(element.id);
  return ids;
}

std::string Described(const char* why, const std::vector<std::string>& ids) {
  if (ids.size() == 1) return std::string(why) + " " + ids.front();
  return std::string(why) + " " + std::to_string(ids.size()) + " items";
}

}  // namespace

Result<std::unique_ptr<MarkdownBank>> MarkdownBank::Open(MarkdownBankOptions options, std::unique_ptr<MemoryBank> index) {
  LEVEE_ASSIGN(std::unique_ptr<ItemFolder> items, ItemFolder::Open(options.folder, *options.clock));
  std::unique_ptr<MarkdownBank> bank(new MarkdownBank(std::move(options), std::move(items), std::move(index)));
  LEVEE_RETURN_IF_ERROR(bank->Settle());
  return bank;
}

Status MarkdownBank::Settle() {
  std::int64_t restored = 0;
  const Folder& folder = items_->folder();
  LEVEE_ASSIGN(const std::optional<SyncedMark> mark, ReadSyncedMark(folder));
  if (mark && mark->boot != options_.boot) {
    const std::lock_guard lock(mutex_);
    LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(folder));
    LEVEE_ASSIGN(restored, RestoreUnsyncedFiles(*items_, *index_, mark->synced_us));
  }
  LEVEE_ASSIGN(opened_, Sync({.paths = {}, .check_index = true}));
  opened_.restored = restored;
  if (options_.folder.sync == FileSync::kLater) {
    late_sync_.emplace(folder, *options_.clock, mutex_, options_.boot);
    if (!mark || mark->boot != options_.boot) LEVEE_RETURN_IF_ERROR(late_sync_->Sync());
    late_sync_->Start(options_.sync_interval_ms);
  } else if (mark) {
    // Files that nobody vouches for any more than the system does, or that each write syncs: the mark would be believed.
    ::syncfs(folder.descriptor());
    LEVEE_RETURN_IF_ERROR(RemoveSyncedMark(folder));
  }
  return {};
}

MarkdownBank::MarkdownBank(MarkdownBankOptions options, std::unique_ptr<ItemFolder> items, std::unique_ptr<MemoryBank> index)
    : ForwardingBank(*index),
      options_(std::move(options)),
      uri_("markdown:" + options_.folder.path),
      index_(std::move(index)),
      items_(std::move(items)) {}

Result<SyncReport> MarkdownBank::Sync(const SyncOptions& options) {
  const std::lock_guard lock(mutex_);
  LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(items_->folder()));
  LEVEE_ASSIGN(SyncReport report, MakeSync().Run(options));
  if (options_.listener != nullptr && !report.paths.empty()) {
    options_.listener->Changed(report.paths, "take over " + std::to_string(report.paths.size()) + " files");
  }
  return report;
}

void MarkdownBank::Watch(const FolderWatchOptions& options, const Heard& heard) {
  watch_ = std::make_unique<FolderWatch>(items_->folder(), options, [this, heard](std::vector<std::string> paths) {
    SyncOptions sync;
    if (!paths.empty()) sync.paths = std::move(paths);
    const Result<SyncReport> report = Sync(sync);
    if (heard) heard(report);
  });
}

Result<std::vector<Written>> MarkdownBank::Store(std::vector<ItemWrite> items, const WriteOptions& options) {
  std::vector<std::string> ids;
  for (const ItemWrite& write : items) {
    if (!write.item.id.empty()) ids.push_back(write.item.id);
  }
  return WriteThrough(ids, "store", [&] { return index_->Store(std::move(items), options); });
}

Result<std::vector<Written>> MarkdownBank::Update(std::vector<ItemChange> changes, const WriteOptions& options) {
  return WriteThrough(IdsOf(changes), "update", [&] { return index_->Update(std::move(changes), options); });
}

Result<std::vector<Written>> MarkdownBank::Delete(std::vector<ItemRemoval> removals, const WriteOptions& options) {
  return WriteThrough(IdsOf(removals), "delete", [&] { return index_->Delete(std::move(removals), options); });
}

template <typename Write>
Result<std::vector<Written>> MarkdownBank::WriteThrough(const std::vector<std::string>& ids, const char* why, Write&& write) {
  const std::lock_guard lock(mutex_);
  LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(items_->folder()));
  LEVEE_RETURN_IF_ERROR(items_->manifest().Refresh());
  LEVEE_ASSIGN(const Believed believed, TakeOver(ids));
  LEVEE_ASSIGN(std::vector<Written> written, write());
  PauseForTest("markdown-indexed");
  LEVEE_RETURN_IF_ERROR(Land(written, believed, why));
  if (late_sync_) late_sync_->Written();
  return written;
}

Result<MarkdownBank::Believed> MarkdownBank::TakeOver(const std::vector<std::string>& ids) {
  Believed believed;
  std::vector<std::string> paths;
  for (const std::string& id : ids) {
    const std::string* path = items_->manifest().PathOf(id);
    if (path == nullptr) continue;
    const FileState known = items_->manifest().Find(*path)->state;
    LEVEE_ASSIGN(const std::optional<FileState> there, items_->folder().Stat(*path));
    if (there == known) continue;
    if (there) believed.emplace(id, known);
    paths.push_back(*path);
  }
  if (!paths.empty()) LEVEE_RETURN_IF_ERROR(MakeSync().Run({.paths = std::move(paths)}));
  return believed;
}

Status MarkdownBank::Land(const std::vector<Written>& written, const Believed& believed, const char* why) {
  std::set<std::string> changed;
  std::set<std::string> gone;
  for (const Written& one : written) {
    const bool stored = one.outcome == Written::Outcome::kStored || one.outcome == Written::Outcome::kUpdated;
    const bool deleted = one.outcome == Written::Outcome::kDeleted;
    if (stored || deleted) (stored ? changed : gone).insert(one.id);
    if (stored || deleted) (stored ? gone : changed).erase(one.id);
  }
  const std::vector<std::string> changed_ids(changed.begin(), changed.end());
  const std::vector<std::string> gone_ids(gone.begin(), gone.end());
  Status landed = LandFiles(changed_ids, gone_ids, believed, why);
  if (landed) return landed;
  // What the files could not take, the index is not to keep.
  std::vector<std::string> ids = changed_ids;
  ids.insert(ids.end(), gone_ids.begin(), gone_ids.end());
  if (Status rolled_back = MakeSync().RollBack(ids); !rolled_back) {
    landed.error().why += "; taking it back: " + rolled_back.error().ToString();
  }
  return landed;
}

Status MarkdownBank::LandFiles(const std::vector<std::string>& changed, const std::vector<std::string>& gone,
                               const Believed& believed, const char* why) {
  const auto believed_of = [&](const std::string& id) {
    const auto found = believed.find(id);
    return found == believed.end() ? std::optional<FileState>() : found->second;
  };
  std::vector<std::string> paths;
  std::vector<ItemFolder::Removal> removals;
  removals.reserve(gone.size());
  for (const std::string& id : gone) removals.push_back({.id = id, .believed = believed_of(id)});
  if (!changed.empty()) {
    LEVEE_ASSIGN(const auto items, index_->GetAll(changed, {}));
    std::vector<ItemFolder::Write> writes;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i]) {
        writes.push_back({.item = &*items[i], .believed = believed_of(changed[i])});
      } else {
        // It had expired when it came: the file of the version before must not stand for it.
        removals.push_back({.id = changed[i], .believed = believed_of(changed[i])});
      }
    }
    LEVEE_ASSIGN(ItemFolder::Changes changes, items_->WriteItems(writes));
    paths = std::move(changes.paths);
  }
  if (!removals.empty()) {
    LEVEE_ASSIGN(const ItemFolder::Changes changes, items_->RemoveItems(removals));
    paths.insert(paths.end(), changes.paths.begin(), changes.paths.end());
  }
  if (options_.listener != nullptr && !paths.empty()) {
    options_.listener->Changed(paths, Described(why, changed.empty() ? gone : changed));
  }
  return {};
}

}  // namespace levee::memory
