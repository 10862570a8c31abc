#include "memory/markdown/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/status.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

// Deeper folders than any layout makes are no place for items.
constexpr int kDepthMax = 64;
constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

FileState StateOf(const struct stat& status) {
  return {.size_bytes = status.st_size,
          .modified_ns = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec,
          .inode = status.st_ino};
}

bool IsThisOrParent(std::string_view component) { return component.empty() || component == "." || component == ".."; }

// Takes the first component off.
std::string TakeComponent(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  std::string component(path.substr(0, slash));
  path.remove_prefix(std::min(slash + 1, path.size()));
  return component;
}

Status CheckPath(std::string_view path) {
  const std::string whole(path);
  const bool slash_at_end = path.ends_with('/');
  bool bad = path.empty() || slash_at_end || path.find('\0') != std::string_view::npos;
  while (!bad && !path.empty()) bad = IsThisOrParent(TakeComponent(path));
  if (bad) return InvalidItem("path '" + whole + "'", "it does not lie in the folder");
  return {};
}

}  // namespace

std::unexpected<Error> FileFailure(std::string_view path, std::string_view step, int error_number) {
  std::string why = std::string(step) + ": " + std::strerror(error_number);
  if (error_number == ELOOP || error_number == ENOTDIR) why = std::string(step) + ": a link or a file is in the way";
  return StorageFailure(std::string(path), std::move(why));
}

Result<PathParts> SplitPath(std::string_view path) {
  LEVEE_RETURN_IF_ERROR(CheckPath(path));
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return PathParts{"", std::string(path)};
  return PathParts{path.substr(0, slash), std::string(path.substr(slash + 1))};
}

Result<std::unique_ptr<Folder>> Folder::Open(const std::string& path, bool create) {
  if (create && ::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return FileFailure(path, "making the folder", errno);
  Descriptor root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) return FileFailure(path, "opening the folder", errno);
  return std::unique_ptr<Folder>(new Folder(path, std::move(root)));
}

Result<std::optional<Descriptor>> Folder::OpenFolder(std::string_view folder, bool create) const {
  if (!folder.empty()) LEVEE_RETURN_IF_ERROR(CheckPath(folder));
  Descriptor at(::openat(root_.get(), ".", kOpenFolder));
  if (!at) return FileFailure(path_, "opening the folder", errno);
  for (std::string_view rest = folder; !rest.empty();) {
    const std::string name = TakeComponent(rest);
    Descriptor next(::openat(at.get(), name.c_str(), kOpenFolder));
    if (!next && errno == ENOENT) {
      if (!create) return std::nullopt;
      if (::mkdirat(at.get(), name.c_str(), 0777) != 0 && errno != EEXIST) return FileFailure(folder, "making the folder", errno);
      next = Descriptor(::openat(at.get(), name.c_str(), kOpenFolder));
    }
    if (!next) return FileFailure(folder, "opening the folder", errno);
    at = std::move(next);
  }
  return at;
}

Result<std::optional<FileState>> Folder::Stat(std::string_view file) const {
  LEVEE_ASSIGN(const PathParts parts, SplitPath(file));
  LEVEE_ASSIGN(const std::optional<Descriptor> folder, OpenFolder(parts.folder, false));
  if (!folder) return std::nullopt;
  struct stat status {};
  if (::fstatat(folder->get(), parts.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return FileFailure(file, "looking at the file", errno);
  }
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return StateOf(status);
}

Result<std::optional<std::string>> Folder::Read(std::string_view file, std::size_t limit_bytes, FileState& state) const {
  LEVEE_ASSIGN(const PathParts parts, SplitPath(file));
  LEVEE_ASSIGN(const std::optional<Descriptor> folder, OpenFolder(parts.folder, false));
  if (!folder) return std::nullopt;
  // Not to wait for who writes into a pipe of that name.
  const Descriptor opened(::openat(folder->get(), parts.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!opened && errno == ENOENT) return std::nullopt;
  if (!opened) return FileFailure(file, "opening the file", errno);
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0) return FileFailure(file, "looking at the file", errno);
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  state = StateOf(status);
  if (static_cast<std::size_t>(status.st_size) > limit_bytes) {
    return InvalidItem(std::string(file), "the file is longer than " + std::to_string(limit_bytes) + " bytes");
  }
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t read = 0;
  while (read < text.size()) {
    const ssize_t size = ::pread(opened.get(), text.data() + read, text.size() - read, static_cast<off_t>(read));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return FileFailure(file, "reading the file", errno);
    if (size == 0) break;
    read += static_cast<std::size_t>(size);
  }
  text.resize(read);
  return text;
}

Result<bool> Folder::Remove(std::string_view file) const {
  LEVEE_ASSIGN(const PathParts parts, SplitPath(file));
  LEVEE_ASSIGN(const std::optional<Descriptor> folder, OpenFolder(parts.folder, false));
  if (!folder) return false;
  if (::unlinkat(folder->get(), parts.name.c_str(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  return FileFailure(file, "removing the file", errno);
}

void Folder::RemoveEmptyFolders(std::string_view folder) const {
  while (!folder.empty()) {
    const auto parts = SplitPath(folder);
    if (!parts) return;
    const auto parent = OpenFolder(parts->folder, false);
    // One that is not empty stays, and so do those above it.
    if (!parent || !*parent || ::unlinkat((*parent)->get(), parts->name.c_str(), AT_REMOVEDIR) != 0) return;
    folder = parts->folder;
  }
}

Status Folder::Walk(const Visitor& visitor) const {
  const Descriptor root(::openat(root_.get(), ".", kOpenFolder));
  if (!root) return FileFailure(path_, "opening the folder", errno);
  return WalkFolder(root.get(), "", visitor, 0);
}

Status Folder::WalkFolder(int descriptor, const std::string& prefix, const Visitor& visitor, int depth) const {
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(::dup(descriptor)), ::closedir);
  if (!listing) return FileFailure(path_ + "/" + prefix, "listing the folder", errno);
  bool empty = true;
  while (const dirent* entry = ::readdir(listing.get())) {
    const std::string name = entry->d_name;
    if (IsThisOrParent(name)) continue;
    empty = false;
    if (entry->d_type == DT_LNK || (entry->d_type == DT_DIR && name.front() == '.')) continue;
    if (entry->d_type == DT_REG && !visitor.wants(name)) continue;
    struct stat status {};
    if (::fstatat(descriptor, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;  // it was just removed
    if (S_ISREG(status.st_mode) && visitor.wants(name)) visitor.file(prefix + name, StateOf(status));
    if (!S_ISDIR(status.st_mode) || name.front() == '.' || depth >= kDepthMax) continue;
    const Descriptor below(::openat(descriptor, name.c_str(), kOpenFolder));
    if (below) LEVEE_RETURN_IF_ERROR(WalkFolder(below.get(), prefix + name + "/", visitor, depth + 1));
  }
  if (visitor.folder && !prefix.empty()) visitor.folder(prefix.substr(0, prefix.size() - 1), empty);
  return {};
}

}  // namespace levee::memory
