#include "objectstore/local_object_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>

#include "objectstore/file_uri.h"
#include "objectstore/relative_path.h"

namespace levee::objectstore {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

bool IsAbsent(int error) { return error == ENOENT || error == ENOTDIR; }

std::unexpected<Error> SystemError(const std::string& path, int error) {
  const ErrorCode code = IsAbsent(error)                      ? ErrorCode::kNotFound
                         : error == ENOSPC || error == EDQUOT ? ErrorCode::kUnavailable
                                                              : ErrorCode::kIo;
  return Fail(code, path, std::generic_category().message(error));
}

ObjectInfo InfoOf(std::string_view name, const struct stat& status) {
  ObjectInfo info;
  info.name = name;
  info.size_bytes = static_cast<std::uint64_t>(status.st_size);
  info.modified_ms = std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000;
  info.etag = std::to_string(status.st_ino);
  info.etag += '-';
  info.etag += std::to_string(std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec);
  info.etag += '-';
  info.etag += std::to_string(status.st_size);
  return info;
}

// Fills `out` from `offset`; the number of bytes read, fewer only at the end of the file.
Result<std::size_t> ReadAt(int fd, const std::string& path, char* out, std::size_t size,
                           std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(fd, out + done, size - done, static_cast<off_t>(offset + done));
    if (got == 0) break;
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return SystemError(path, errno);
    }
  }
  return done;
}

Status WriteAndSync(int fd, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written >= 0) {
      content.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return SystemError(path, errno);
    }
  }
  if (::fsync(fd) != 0) return SystemError(path, errno);
  return {};
}

Status MakeFolders(const std::string& root, std::string_view folder) {
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = folder.find('/', end + 1);
    const std::string path = root + "/" + std::string(folder.substr(0, end));
    if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return SystemError(path, errno);
  }
  return {};
}

std::string TemporaryName(const std::string& target) {
  static std::atomic<std::uint64_t> counter{0};
  const std::size_t slash = target.rfind('/');
  return target.substr(0, slash + 1) + "." + target.substr(slash + 1) + "." + std::to_string(::getpid()) +
         "." + std::to_string(counter.fetch_add(1)) + ".tmp";
}

}  // namespace

LocalObjectStore::LocalObjectStore(std::string root) : root_(std::move(root)), uri_(FileUri(root_)) {}

Result<std::string> LocalObjectStore::Resolve(std::string_view path) const {
  LEVEE_RETURN_IF_ERROR(CheckRelativePath(path));
  std::string full;
  full.reserve(root_.size() + 1 + path.size());
  full += root_;
  if (!path.empty()) full += '/';
  full += path;
  return full;
}

Result<std::vector<ObjectInfo>> LocalObjectStore::List(std::string_view folder,
                                                       std::string_view start_after) {
  LEVEE_ASSIGN(const std::string path, Resolve(folder));
  std::vector<ObjectInfo> objects;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (directory == nullptr) {
    if (IsAbsent(errno)) return objects;
    return SystemError(path, errno);
  }
  errno = 0;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (entry->d_type == DT_DIR || name <= start_after) continue;
    struct stat status{};
    if (::fstatat(::dirfd(directory.get()), entry->d_name, &status, 0) != 0) {
      // Removed since, or a link to nowhere.
      if (!IsAbsent(errno)) return SystemError(path + "/" + std::string(name), errno);
    } else if (S_ISREG(status.st_mode)) {
      objects.push_back(InfoOf(name, status));
    }
    errno = 0;
  }
  if (errno != 0) return SystemError(path, errno);
  std::sort(objects.begin(), objects.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return objects;
}

Result<std::optional<ObjectInfo>> LocalObjectStore::Stat(std::string_view path) {
  LEVEE_ASSIGN(const std::string full, Resolve(path));
  struct stat status{};
  if (::stat(full.c_str(), &status) != 0) {
    if (IsAbsent(errno)) return std::optional<ObjectInfo>();
    return SystemError(full, errno);
  }
  if (!S_ISREG(status.st_mode)) return std::optional<ObjectInfo>();
  return std::optional(InfoOf(path.substr(path.rfind('/') + 1), status));
}

Result<std::string> LocalObjectStore::Read(std::string_view path) {
  LEVEE_ASSIGN(const std::string full, Resolve(path));
  const FileDescriptor fd(::open(full.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(full, errno);
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return SystemError(full, errno);
  std::string content;
  // JSON parsers want some readable bytes past the text: room for them spares a copy.
  content.reserve(static_cast<std::size_t>(status.st_size) + 64);
  content.resize(static_cast<std::size_t>(status.st_size));
  LEVEE_ASSIGN(const std::size_t size, ReadAt(fd.get(), full, content.data(), content.size(), 0));
  content.resize(size);
  return content;
}

Result<std::string> LocalObjectStore::ReadRange(std::string_view path, std::uint64_t offset,
                                                std::uint64_t size) {
  LEVEE_ASSIGN(const std::string full, Resolve(path));
  const FileDescriptor fd(::open(full.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(full, errno);
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return SystemError(full, errno);
  const auto file_size = static_cast<std::uint64_t>(status.st_size);
  if (offset > file_size || size > file_size - offset) {
    return Fail(ErrorCode::kOutOfRange, full,
                "bytes " + std::to_string(offset) + " to " + std::to_string(offset + size) +
                    " are not there: it has " + std::to_string(file_size));
  }
  std::string content(size, '\0');
  LEVEE_ASSIGN(const std::size_t got, ReadAt(fd.get(), full, content.data(), content.size(), offset));
  if (got != size) return Fail(ErrorCode::kIo, full, "it became shorter while it was read");
  return content;
}

Result<PutOutcome> LocalObjectStore::PutIfAbsent(std::string_view path, std::string_view content) {
  LEVEE_ASSIGN(const std::string full, Resolve(path));
  if (path.empty()) return Fail(ErrorCode::kInvalidArgument, full, "it is the store's root");
  LEVEE_RETURN_IF_ERROR(
      MakeFolders(root_, path.substr(0, std::max(path.rfind('/') + 1, std::size_t{1}) - 1)));
  const std::string temporary = TemporaryName(full);
  Status written;
  int link_error = 0;
  {
    const FileDescriptor fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (fd.get() < 0) return SystemError(temporary, errno);
    written = WriteAndSync(fd.get(), temporary, content);
    if (written && ::link(temporary.c_str(), full.c_str()) != 0) link_error = errno;
  }
  ::unlink(temporary.c_str());
  LEVEE_RETURN_IF_ERROR(std::move(written));
  if (link_error == EEXIST) return PutOutcome::kAlreadyThere;
  if (link_error != 0) return SystemError(full, link_error);
  // The name is durable only when its folder is.
  const FileDescriptor folder(
      ::open(full.substr(0, full.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return SystemError(full, errno);
  return PutOutcome::kWritten;
}

}  // namespace levee::objectstore
