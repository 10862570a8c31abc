#include "memory/markdown/item_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>

#include "base/hash.h"
#include "base/status.h"
#include "memory/markdown/safe_name.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr const char* kOwnFolder = ".levee";
constexpr const char* kManifestPath = ".levee/manifest";
constexpr int kNumbersMax = 100'000;

std::string_view FolderOfPath(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

}  // namespace

Result<FolderLock> FolderLock::Take(const Folder& folder) {
  LEVEE_ASSIGN(const std::optional<Descriptor> own, folder.OpenFolder(kOwnFolder, true));
  if (!own) return FileFailure(folder.path(), "locking the folder", ENOENT);
  Descriptor file(::openat(own->get(), "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file) return FileFailure(folder.path(), "locking the folder", errno);
  while (::flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return FileFailure(folder.path(), "locking the folder", errno);
  }
  return FolderLock(std::move(file));
}

Result<std::unique_ptr<ItemFolder>> ItemFolder::Open(ItemFolderOptions options, Clock& clock) {
  LEVEE_ASSIGN(std::unique_ptr<Folder> folder, Folder::Open(options.path, options.create));
  if (options.create) {
    // What Levee notes of the folder is nothing to be versioned with it.
    LEVEE_ASSIGN(const std::optional<Descriptor> own, folder->OpenFolder(kOwnFolder, true));
    const Descriptor ignored(own ? ::openat(own->get(), ".gitignore", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666) : -1);
    if (ignored && ::write(ignored.get(), "*\n", 2) != 2) return FileFailure(folder->path(), "writing .levee/.gitignore", errno);
  }
  return std::unique_ptr<ItemFolder>(new ItemFolder(std::move(options), std::move(folder), clock));
}

ItemFolder::ItemFolder(ItemFolderOptions options, std::unique_ptr<Folder> folder, Clock& clock)
    : options_(std::move(options)), folder_(std::move(folder)), clock_(clock), manifest_(*folder_, kManifestPath) {}

ManifestEntry ItemFolder::Entry(const std::string& path, const Item& item, const FileState& state, std::uint64_t hash) const {
  ManifestEntry entry{.id = item.id, .state = state, .hash = hash, .version = item.version, .checked_ns = clock_.NowMicros() * 1000,
                      .expires = item.expires};
  const ManifestEntry* before = manifest_.Find(path);
  if (before != nullptr && before->home != 0) {
    entry.home = before->home;
  } else if (const std::string wanted = ItemPath(item, options_.layout); FolderOfPath(wanted) == FolderOfPath(path)) {
    entry.home = Hash64(FolderOfPath(path));
  }
  return entry;
}

Result<std::string> ItemFolder::PathFor(const Item& item, std::vector<std::string>& taken) const {
  const std::string wanted = ItemPath(item, options_.layout);
  if (const std::string* path = manifest_.PathOf(item.id)) {
    const std::uint64_t home = manifest_.Find(*path)->home;
    // Where somebody put it, it stays.
    if (home == 0 || home == Hash64(FolderOfPath(wanted)) || home != Hash64(FolderOfPath(*path))) return *path;
  }
  std::string path = wanted;
  for (int number = 2; number < kNumbersMax; ++number) {
    const std::string folded = CaseFolded(path);
    if (manifest_.SamePath(path) == nullptr && std::ranges::find(taken, folded) == taken.end()) {
      LEVEE_ASSIGN(const std::optional<FileState> there, folder_->Stat(path));
      if (!there) {
        taken.push_back(folded);
        return path;
      }
    }
    path = NumberedPath(wanted, number, options_.layout);
  }
  return StorageFailure(wanted, "too many files of that name");
}

Result<ItemFolder::Changes> ItemFolder::WriteItems(std::span<const Write> writes) {
  FolderBatch batch(*folder_, options_.sync);
  const std::int64_t now = clock_.NowMicros();
  std::vector<std::string> paths;
  std::vector<std::string> left;  // paths that items moved away from
  std::vector<std::string> taken;
  std::vector<std::uint64_t> hashes;
  for (const Write& write : writes) {
    LEVEE_ASSIGN(std::string path, PathFor(*write.item, taken));
    const std::string file = WriteItemFile(*write.item, options_.form);
    const std::string* before = manifest_.PathOf(write.item->id);
    std::optional<FileState> expected = write.believed;
    if (!expected && before != nullptr) expected = manifest_.Find(*before)->state;
    const bool moves = before != nullptr && *before != path;
    if (moves) left.push_back(*before);
    LEVEE_RETURN_IF_ERROR(batch.Put({.path = path, .expected = expected, .conflict_path = ConflictPath(path, now),
                                     .moved_from = moves ? *before : std::string()},
                                    file));
    hashes.push_back(Hash64(file));
    paths.push_back(std::move(path));
  }
  LEVEE_ASSIGN(FolderBatch::Outcome outcome, batch.Commit());
  for (const std::string& path : left) {
    manifest_.Erase(path);
    folder_->RemoveEmptyFolders(path.substr(0, std::max<std::size_t>(path.rfind('/') + 1, 1) - 1));
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    manifest_.Set(paths[i], Entry(paths[i], *writes[i].item, outcome.states[i], hashes[i]));
  }
  LEVEE_RETURN_IF_ERROR(manifest_.Save());
  paths.insert(paths.end(), left.begin(), left.end());
  return Changes{.paths = std::move(paths), .conflicts = std::move(outcome.conflicts)};
}

Result<ItemFolder::Changes> ItemFolder::RemoveItems(std::span<const Removal> removals) {
  FolderBatch batch(*folder_, options_.sync);
  const std::int64_t now = clock_.NowMicros();
  Changes changes;
  for (const Removal& removal : removals) {
    const std::string* path = manifest_.PathOf(removal.id);
    if (path == nullptr) continue;
    const FileState expected = removal.believed.value_or(manifest_.Find(*path)->state);
    batch.Remove({.path = *path, .expected = expected, .conflict_path = ConflictPath(*path, now)});
    changes.paths.push_back(*path);
  }
  LEVEE_ASSIGN(FolderBatch::Outcome outcome, batch.Commit());
  changes.conflicts = std::move(outcome.conflicts);
  for (const std::string& path : changes.paths) {
    manifest_.Erase(path);
    folder_->RemoveEmptyFolders(path.substr(0, std::max<std::size_t>(path.rfind('/') + 1, 1) - 1));
  }
  LEVEE_RETURN_IF_ERROR(manifest_.Save());
  return changes;
}

Result<std::optional<ItemFolder::ReadItem>> ItemFolder::Read(const std::string& path) const {
  ReadItem read;
  LEVEE_ASSIGN(const std::optional<std::string> text, folder_->Read(path, options_.file_limit_bytes, read.state));
  if (!text) return std::nullopt;
  read.hash = Hash64(*text);
  auto parsed = ReadItemFile(*text, DefaultsOfPath(path, read.state.modified_ns / 1000));
  if (!parsed) {
    Error error = std::move(parsed).error();
    error.what = path + ", " + error.what;
    return std::unexpected(std::move(error));
  }
  read.item = std::move(parsed->item);
  read.own = parsed->own;
  read.has_head = parsed->has_head;
  return read;
}

}  // namespace levee::memory
