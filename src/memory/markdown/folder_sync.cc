#include "memory/markdown/folder_sync.h"

#include <algorithm>
#include <unordered_set>

#include "base/status.h"
#include "memory/model/each_page.h"
#include "memory/model/errors.h"
#include "memory/model/same_item.h"

namespace levee::memory {
namespace {

constexpr std::size_t kChunkFiles = 512;

}  // namespace

Result<SyncReport> FolderSync::Run(const SyncOptions& options) {
  report_ = {};
  reread_ = options.reread || options.check_index;
  replaced_.clear();
  LEVEE_RETURN_IF_ERROR(items_.manifest().Refresh());
  LEVEE_ASSIGN(const std::vector<Seen> seen, List(options));
  const std::vector<std::string> vanished = Vanished(options, seen);
  if (!options.paths && seen.empty() && !vanished.empty()) {
    return StorageFailure(items_.folder().path(), "all of its " + std::to_string(vanished.size()) + " files are gone",
                          "is it mounted? If they were deleted on purpose, delete its folder .levee too");
  }
  std::vector<Seen> known;
  std::vector<Seen> changed;
  for (const Seen& file : seen) (IsKnown(file, options) ? known : changed).push_back(file);
  if (options.check_index) LEVEE_RETURN_IF_ERROR(CheckVersions(known, changed));
  report_.files = static_cast<std::int64_t>(seen.size());
  LEVEE_RETURN_IF_ERROR(TakeFiles(changed, vanished));
  LEVEE_RETURN_IF_ERROR(DeleteVanished(vanished));
  if (options.check_index) LEVEE_RETURN_IF_ERROR(DeleteOrphans());
  LEVEE_RETURN_IF_ERROR(items_.manifest().Save());
  return std::move(report_);
}

Result<std::vector<FolderSync::Seen>> FolderSync::List(const SyncOptions& options) {
  std::vector<Seen> seen;
  if (!options.paths) {
    LEVEE_RETURN_IF_ERROR(items_.folder().Walk(
        {.wants = IsItemFileName, .file = [&](std::string path, const FileState& state) { seen.push_back({std::move(path), state}); },
         .folder = nullptr}));
  } else {
    for (const std::string& path : *options.paths) {
      LEVEE_ASSIGN(const std::optional<FileState> state, items_.folder().Stat(path));
      if (state && IsItemFileName(path.substr(path.rfind('/') + 1))) seen.push_back({path, *state});
    }
  }
  std::ranges::sort(seen, {}, &Seen::path);
  return seen;
}

std::vector<std::string> FolderSync::Vanished(const SyncOptions& options, const std::vector<Seen>& seen) const {
  std::vector<std::string> vanished;
  const auto is_there = [&](const std::string& path) { return std::ranges::binary_search(seen, path, {}, &Seen::path); };
  if (options.paths) {
    for (const std::string& path : *options.paths) {
      if (items_.manifest().Find(path) != nullptr && !is_there(path)) vanished.push_back(path);
    }
  } else {
    for (const auto& [path, entry] : items_.manifest().entries()) {
      if (!is_there(path)) vanished.push_back(path);
    }
  }
  std::ranges::sort(vanished);
  return vanished;
}

bool FolderSync::IsKnown(const Seen& seen, const SyncOptions& options) const {
  const ManifestEntry* entry = items_.manifest().Find(seen.path);
  return !options.reread && entry != nullptr && entry->version > 0 && entry->state == seen.state && !entry->IsRacy();
}

// An index that was written and then not the file, or that is another one than last time, has other versions.
Status FolderSync::CheckVersions(std::vector<Seen>& known, std::vector<Seen>& changed) {
  std::vector<Seen> right;
  for (std::size_t at = 0; at < known.size(); at += kChunkFiles) {
    const std::span<Seen> chunk(known.data() + at, std::min(kChunkFiles, known.size() - at));
    std::vector<std::string> ids;
    for (const Seen& seen : chunk) ids.push_back(items_.manifest().Find(seen.path)->id);
    LEVEE_ASSIGN(const auto items, index_.GetAll(ids, {}));
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      ManifestEntry entry = *items_.manifest().Find(chunk[i].path);
      const bool expired = entry.expires && *entry.expires <= clock_.NowMicros();
      const bool same = items[i] ? items[i]->version == entry.version : expired;
      if (!same) {
        entry.version = 0;
        items_.manifest().Set(chunk[i].path, std::move(entry));
      }
      (same ? right : changed).push_back(std::move(chunk[i]));
    }
  }
  known = std::move(right);
  std::ranges::sort(changed, {}, &Seen::path);
  return {};
}

Status FolderSync::TakeFiles(const std::vector<Seen>& changed, const std::vector<std::string>& vanished) {
  std::vector<Taken> chunk;
  for (const Seen& seen : changed) {
    if (auto taken = TakeFile(seen, vanished)) chunk.push_back(std::move(*taken));
    if (chunk.size() < kChunkFiles && &seen != &changed.back()) continue;
    LEVEE_RETURN_IF_ERROR(StoreChunk(chunk));
    chunk.clear();
  }
  return {};
}

std::optional<FolderSync::Taken> FolderSync::TakeFile(const Seen& seen, const std::vector<std::string>& vanished) {
  auto read = items_.Read(seen.path);
  ++report_.read;
  if (!read) {
    report_.problems.push_back(read.error().ToString());
    return {};
  }
  if (!*read) return {};  // it just went; the next sync finds it gone
  ItemFolder::ReadItem& file = **read;
  if (file.item.content.empty()) {
    report_.problems.push_back(seen.path + ": the file has no content");
    return {};
  }
  const ManifestEntry* entry = items_.manifest().Find(seen.path);
  if (!reread_ && entry != nullptr && entry->version > 0 && entry->hash == file.hash) {
    ManifestEntry touched = *entry;
    touched.state = file.state;
    touched.checked_ns = clock_.NowMicros() * 1000;
    items_.manifest().Set(seen.path, std::move(touched));
    return {};
  }
  const bool keeps_id = !file.has_head && entry != nullptr;
  if (keeps_id) file.item.id = entry->id;
  SettleId(seen.path, file.item, vanished);
  return Taken{seen.path, std::move(file), keeps_id};
}

void FolderSync::SettleId(const std::string& path, Item& item, const std::vector<std::string>& vanished) {
  const std::string* owner = items_.manifest().PathOf(item.id);
  if (owner != nullptr && *owner != path) {
    const bool gone = std::ranges::binary_search(vanished, *owner) || !items_.folder().Stat(*owner).value_or(std::nullopt);
    if (gone) {
      ++report_.moved;
    } else {
      item.id = DefaultsOfPath(path, 0).id;
    }
  }
  const ManifestEntry* before = items_.manifest().Find(path);
  if (before != nullptr && before->id != item.id) replaced_.push_back(before->id);
  // Taken at once, so that a second file of this run with the same id finds the first.
  ManifestEntry entry{.id = item.id};
  if (before != nullptr) entry.home = before->home;
  items_.manifest().Set(path, std::move(entry));
}

Status FolderSync::StoreChunk(std::vector<Taken>& chunk) {
  std::vector<std::string> ids;
  ids.reserve(chunk.size());
  for (const Taken& taken : chunk) ids.push_back(taken.read.item.id);
  LEVEE_ASSIGN(const auto current, index_.GetAll(ids, {}));
  std::vector<Taken*> changed;
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    Item& item = chunk[i].read.item;
    if (chunk[i].content_only && current[i]) {
      Item whole = *current[i];
      whole.content = std::move(item.content);
      whole.checksum = std::move(item.checksum);
      item = std::move(whole);
    }
    if (current[i] && SaysTheSame(item, *current[i])) {
      Remember(chunk[i], current[i]->version);
      continue;
    }
    if (item.expires && *item.expires <= clock_.NowMicros()) {
      Remember(chunk[i], std::max<std::int64_t>(item.version, 1));  // upkeep removes the file
      continue;
    }
    if (current[i]) {
      // Who edits a text changes neither clock nor time in its head.
      item.vector_clock.clear();
      if (item.updated <= current[i]->updated) item.updated = chunk[i].read.state.modified_ns / 1000;
      if (item.updated <= current[i]->updated) item.updated = 0;
    }
    changed.push_back(&chunk[i]);
  }
  return StoreItems(changed);
}

Status FolderSync::StoreItems(std::vector<Taken*>& changed) {
  if (changed.empty()) return {};
  std::vector<ItemWrite> writes;
  writes.reserve(changed.size());
  for (const Taken* taken : changed) writes.push_back({.item = taken->read.item});
  const auto written = index_.Store(std::move(writes), {.author = author_, .on_conflict = ConflictPolicy::kLastWrite});
  if (written) {
    for (std::size_t i = 0; i < changed.size(); ++i) {
      Remember(*changed[i], (*written)[i].version);
      report_.paths.push_back(changed[i]->path);
    }
    report_.stored += static_cast<std::int64_t>(changed.size());
    return {};
  }
  if (written.error().detail != "VALIDATION_ERROR" && written.error().detail != "NAMESPACE_ERROR") {
    return std::unexpected(written.error());
  }
  if (changed.size() == 1) {
    report_.problems.push_back(changed[0]->path + ": " + written.error().ToString());
    return {};
  }
  // One of them is no item: the others are.
  std::vector<Taken*> first(changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(changed.size() / 2));
  std::vector<Taken*> rest(changed.begin() + static_cast<std::ptrdiff_t>(changed.size() / 2), changed.end());
  LEVEE_RETURN_IF_ERROR(StoreItems(first));
  return StoreItems(rest);
}

void FolderSync::Remember(const Taken& taken, std::int64_t version) {
  ManifestEntry entry = items_.Entry(taken.path, taken.read.item, taken.read.state, taken.read.hash);
  entry.version = version;
  items_.manifest().Set(taken.path, std::move(entry));
}

Status FolderSync::DeleteVanished(const std::vector<std::string>& vanished) {
  std::vector<ItemRemoval> removals;
  const auto delete_unless_elsewhere = [&](const std::string& id) {
    if (items_.manifest().PathOf(id) == nullptr) removals.push_back({.id = id});
  };
  for (const std::string& path : vanished) {
    const ManifestEntry* entry = items_.manifest().Find(path);
    if (entry == nullptr) continue;
    const std::string id = entry->id;
    items_.manifest().Erase(path);
    report_.paths.push_back(path);
    delete_unless_elsewhere(id);
  }
  for (const std::string& id : replaced_) delete_unless_elsewhere(id);
  if (removals.empty()) return {};
  LEVEE_ASSIGN(const auto written, index_.Delete(std::move(removals), {.author = author_}));
  report_.deleted += std::ranges::count(written, Written::Outcome::kDeleted, &Written::outcome);
  return {};
}

Status FolderSync::DeleteOrphans() {
  std::vector<ItemRemoval> removals;
  LEVEE_RETURN_IF_ERROR(EachPage(index_, AllItems(), [&](const std::vector<Found>& items) -> Status {
    for (const Found& found : items) {
      if (items_.manifest().PathOf(found.item.id) == nullptr) removals.push_back({.id = found.item.id});
    }
    return {};
  }));
  if (removals.empty()) return {};
  if (items_.manifest().entries().empty()) {
    return StorageFailure(items_.folder().path(), "the folder has no items, but its index has " + std::to_string(removals.size()),
                          "is it the right folder, and mounted?");
  }
  LEVEE_ASSIGN(const auto written, index_.Delete(std::move(removals), {.author = author_}));
  report_.deleted += std::ranges::count(written, Written::Outcome::kDeleted, &Written::outcome);
  return {};
}

Status FolderSync::RollBack(const std::vector<std::string>& ids) {
  std::vector<std::string> paths;
  std::vector<ItemRemoval> removals;
  for (const std::string& id : ids) {
    const std::string* path = items_.manifest().PathOf(id);
    if (path == nullptr) {
      removals.push_back({.id = id});
      continue;
    }
    ManifestEntry entry = *items_.manifest().Find(*path);
    entry.version = 0;
    paths.push_back(*path);
    items_.manifest().Set(paths.back(), std::move(entry));
  }
  LEVEE_RETURN_IF_ERROR(Run({.paths = std::move(paths), .reread = true}));
  if (!removals.empty()) LEVEE_RETURN_IF_ERROR(index_.Delete(std::move(removals), {.author = author_}));
  return {};
}

}  // namespace levee::memory
