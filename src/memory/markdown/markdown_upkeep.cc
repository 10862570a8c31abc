// Upkeep of a Markdown bank: what nobody needs any more, and whether files and index agree.
#include <algorithm>

#include "base/status.h"
#include "memory/markdown/markdown_bank.h"

namespace levee::memory {
namespace {

// A write that is still at work is done by then.
constexpr std::int64_t kLeftoverAgeNs = 60'000'000'000;

}  // namespace

Result<MaintenanceReport> MarkdownBank::Maintain(const MaintenanceOptions& options) {
  {
    const std::lock_guard lock(mutex_);
    LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(items_->folder()));
    LEVEE_RETURN_IF_ERROR(MakeSync().Run({}));
    if (options.purge) LEVEE_RETURN_IF_ERROR(RemoveGarbage());
  }
  return index_->Maintain(options);
}

void MarkdownBank::CollectGarbageEvery(int interval_ms, std::function<void(const Status& collected)> heard) {
  collecting_.Add(interval_ms, [this, heard = std::move(heard)] { heard(CollectGarbage()); });
}

Status MarkdownBank::CollectGarbage() {
  const std::lock_guard lock(mutex_);
  LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(items_->folder()));
  LEVEE_RETURN_IF_ERROR(items_->manifest().Refresh());
  return RemoveGarbage();
}

Status MarkdownBank::RemoveGarbage() {
  LEVEE_RETURN_IF_ERROR(RemoveExpired());
  return RemoveLeftovers();
}

Status MarkdownBank::RemoveExpired() {
  std::vector<ItemFolder::Removal> expired;
  for (const auto& [path, entry] : items_->manifest().entries()) {
    if (entry.expires && *entry.expires <= options_.clock->NowMicros()) expired.push_back({.id = entry.id, .believed = {}});
  }
  if (expired.empty()) return {};
  LEVEE_ASSIGN(const ItemFolder::Changes changes, items_->RemoveItems(expired));
  if (options_.listener != nullptr) options_.listener->Changed(changes.paths, "expire " + std::to_string(expired.size()) + " items");
  return {};
}

Status MarkdownBank::RemoveLeftovers() {
  const std::int64_t before_ns = options_.clock->NowMicros() * 1000 - kLeftoverAgeNs;
  std::vector<std::string> leftovers;
  std::vector<std::string> empty_folders;
  const Folder& folder = items_->folder();
  LEVEE_RETURN_IF_ERROR(folder.Walk(
      {.wants = [](std::string_view name) { return name.starts_with(kTemporaryPrefix); },
       .file = [&](std::string path, const FileState& state) {
         if (state.modified_ns < before_ns) leftovers.push_back(std::move(path));
       },
       .folder = [&](const std::string& path, bool empty) {
         if (empty) empty_folders.push_back(path);
       }}));
  for (const std::string& path : leftovers) LEVEE_RETURN_IF_ERROR(folder.Remove(path));
  for (const std::string& path : empty_folders) folder.RemoveEmptyFolders(path);
  return {};
}

Result<VerifyReport> MarkdownBank::Verify() {
  LEVEE_ASSIGN(VerifyReport report, index_->Verify());
  const std::lock_guard lock(mutex_);
  LEVEE_ASSIGN(const FolderLock folder_lock, FolderLock::Take(items_->folder()));
  LEVEE_RETURN_IF_ERROR(items_->manifest().Refresh());
  for (const auto& [path, entry] : items_->manifest().entries()) {
    auto read = items_->Read(path);
    if (!read) {
      report.problems.push_back(read.error().ToString());
      continue;
    }
    if (!*read) {
      report.problems.push_back(path + ": the file is gone");
      continue;
    }
    LEVEE_ASSIGN(const std::optional<Item> item, index_->Get(entry.id, {}));
    const bool expired = entry.expires && *entry.expires <= options_.clock->NowMicros();
    if (!item && !expired) report.problems.push_back(path + ": the index has no item '" + entry.id + "'");
    if (item && item->checksum != (*read)->item.checksum) report.problems.push_back(path + ": its content is not that of the index");
  }
  std::ranges::sort(report.problems);
  return report;
}

}  // namespace levee::memory
