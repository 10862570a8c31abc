#include "memory/markdown/folder_batch.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "base/status.h"
#include "base/test_pause.h"

namespace levee::memory {
namespace {

// From here on one sync of the whole file system costs less than one of each file.
constexpr std::size_t kSyncAllFrom = 4;

std::string TemporaryName() {
  static std::atomic<unsigned> number = 0;
  return std::string(kTemporaryPrefix) + std::to_string(::getpid()) + "-" + std::to_string(number++);
}

std::string_view FolderAbove(std::string_view folder) {
  const std::size_t slash = folder.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : folder.substr(0, slash);
}

std::optional<FileState> StateAt(int folder, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
  return FileState{.size_bytes = status.st_size,
                   .modified_ns = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec,
                   .inode = status.st_ino};
}

}  // namespace

FolderBatch::~FolderBatch() {
  for (const Staged& staged : staged_) {
    if (!staged.published) ::unlinkat(staged.folder, staged.temporary.c_str(), 0);
  }
}

Result<int> FolderBatch::FolderOf(std::string_view folder) {
  if (const auto known = folders_.find(folder); known != folders_.end()) {
    known->second.changed = true;
    return known->second.descriptor.get();
  }
  LEVEE_ASSIGN(std::optional<Descriptor> opened, folder_.OpenFolder(folder, false));
  if (!opened) {
    // It is made, and its name stands in the one above it, which has to be synced, too.
    LEVEE_RETURN_IF_ERROR(FolderOf(FolderAbove(folder)));
    LEVEE_ASSIGN(opened, folder_.OpenFolder(folder, true));
    if (!opened) return FileFailure(folder, "making the folder", ENOENT);
  }
  return folders_.emplace(folder, Opened{std::move(*opened), true}).first->second.descriptor.get();
}

Status FolderBatch::Put(File file, std::string_view text) {
  LEVEE_ASSIGN(const PathParts parts, SplitPath(file.path));
  LEVEE_ASSIGN(const int folder, FolderOf(parts.folder));
  std::string temporary = TemporaryName();
  Descriptor written(::openat(folder, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!written) return FileFailure(file.path, "making the file", errno);
  staged_.push_back({.file = std::move(file), .folder = folder, .name = parts.name, .temporary = std::move(temporary),
                     .written = std::move(written)});
  Staged& staged = staged_.back();
  while (!text.empty()) {
    const ssize_t size = ::write(staged.written.get(), text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return FileFailure(staged.file.path, "writing the file", errno);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  const auto state = StateAt(folder, staged.temporary);
  if (!state) return FileFailure(staged.file.path, "looking at the file", errno);
  staged.state = *state;
  return {};
}

Result<FolderBatch::Outcome> FolderBatch::Commit() {
  LEVEE_RETURN_IF_ERROR(SyncStaged());
  PauseForTest("markdown-written");
  Outcome outcome;
  for (Staged& staged : staged_) {
    LEVEE_RETURN_IF_ERROR(Publish(staged, outcome));
    outcome.states.push_back(staged.state);
    PauseForTest("markdown-moved");
  }
  for (const File& file : removals_) LEVEE_RETURN_IF_ERROR(RemoveFile(file, outcome));
  for (const auto& [path, folder] : folders_) {
    if (sync_ == FileSync::kEachWrite && folder.changed && ::fsync(folder.descriptor.get()) != 0) return FileFailure(path, "syncing the folder", errno);
  }
  return outcome;
}

Status FolderBatch::SyncStaged() {
  if (sync_ != FileSync::kEachWrite) {
    for (Staged& staged : staged_) staged.written = Descriptor();
    return {};
  }
  if (staged_.size() >= kSyncAllFrom) {
    if (::syncfs(folder_.descriptor()) != 0) return FileFailure(folder_.path(), "syncing the files", errno);
  } else {
    for (const Staged& staged : staged_) {
      if (::fsync(staged.written.get()) != 0) return FileFailure(staged.file.path, "syncing the file", errno);
    }
  }
  for (Staged& staged : staged_) staged.written = Descriptor();
  return {};
}

Status FolderBatch::Publish(Staged& staged, Outcome& outcome) {
  const char* temporary = staged.temporary.c_str();
  const char* name = staged.name.c_str();
  if (!staged.file.moved_from.empty()) LEVEE_RETURN_IF_ERROR(Move(staged));
  if (!staged.file.expected && ::renameat2(staged.folder, temporary, staged.folder, name, RENAME_NOREPLACE) == 0) {
    staged.published = true;
    return {};
  }
  // Exchanged rather than overwritten: only then it is sure what was there.
  if (::renameat2(staged.folder, temporary, staged.folder, name, RENAME_EXCHANGE) != 0) {
    // Nothing is there any more, or the file system cannot exchange.
    if (errno != ENOENT && errno != EINVAL && errno != ENOSYS) {
      return FileFailure(staged.file.path, "moving the file into place", errno);
    }
    if (::renameat(staged.folder, temporary, staged.folder, name) != 0) {
      return FileFailure(staged.file.path, "moving the file into place", errno);
    }
    staged.published = true;
    return {};
  }
  staged.published = true;
  if (StateAt(staged.folder, staged.temporary) == staged.file.expected) {
    ::unlinkat(staged.folder, temporary, 0);
    return {};
  }
  LEVEE_ASSIGN(const PathParts conflict, SplitPath(staged.file.conflict_path));
  if (::renameat(staged.folder, temporary, staged.folder, conflict.name.c_str()) != 0) {
    return FileFailure(staged.file.conflict_path, "keeping what was there", errno);
  }
  outcome.conflicts.push_back(staged.file.conflict_path);
  return {};
}

Status FolderBatch::Move(const Staged& staged) {
  LEVEE_ASSIGN(const PathParts from, SplitPath(staged.file.moved_from));
  LEVEE_ASSIGN(const int folder, FolderOf(from.folder));
  if (::renameat2(folder, from.name.c_str(), staged.folder, staged.name.c_str(), RENAME_NOREPLACE) == 0 || errno == ENOENT) return {};
  return FileFailure(staged.file.moved_from, "moving the file", errno);
}

Status FolderBatch::RemoveFile(const File& file, Outcome& outcome) {
  LEVEE_ASSIGN(const PathParts parts, SplitPath(file.path));
  LEVEE_ASSIGN(const int folder, FolderOf(parts.folder));
  const auto state = StateAt(folder, parts.name);
  if (!state) return {};
  if (state == file.expected) {
    if (::unlinkat(folder, parts.name.c_str(), 0) != 0 && errno != ENOENT) return FileFailure(file.path, "removing the file", errno);
    return {};
  }
  LEVEE_ASSIGN(const PathParts conflict, SplitPath(file.conflict_path));
  if (::renameat(folder, parts.name.c_str(), folder, conflict.name.c_str()) != 0) {
    return FileFailure(file.conflict_path, "keeping what was there", errno);
  }
  outcome.conflicts.push_back(file.conflict_path);
  return {};
}

}  // namespace levee::memory
