// A folder on the disk, and files beneath it: no path and no link leads out of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "levee/status.h"

namespace levee::memory {

// What tells that a file is still the one that was read.
struct FileState {
  std::int64_t size_bytes = 0, modified_ns = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const FileState&, const FileState&) = default;
};

// Thread-safe. Paths are relative, with '/' between their components; one that is absolute, empty or has an empty, "." or ".."
// component is refused (VALIDATION_ERROR), a link in it ends the way (STORAGE_ERROR). Errors are STORAGE_ERROR with the path.
class Folder {
 public:
  // The folder itself may be reached over links. It is made where it is not there and `create` says so.
  static Result<std::unique_ptr<Folder>> Open(const std::string& path, bool create);

  const std::string& path() const { return path_; }
  int descriptor() const { return root_.get(); }

  // The folder of a path beneath, made with those above it when `create` says so. Empty: it is not there.
  Result<std::optional<Descriptor>> OpenFolder(std::string_view folder, bool create) const;

  // Empty: no regular file of that name is there.
  Result<std::optional<FileState>> Stat(std::string_view file) const;
  // The text, and the state it was read in. Empty: it is not there. VALIDATION_ERROR for more than `limit_bytes`.
  Result<std::optional<std::string>> Read(std::string_view file, std::size_t limit_bytes, FileState& state) const;
  // Whether it was there.
  Result<bool> Remove(std::string_view file) const;
  // Removes the folders of that path that are empty, innermost first.
  void RemoveEmptyFolders(std::string_view folder) const;

  // Calls `file` for each regular file whose name the filter takes, and `folder` for each folder beneath; hidden folders and links
  // are left out, hidden files are the filter's to leave out. In no particular order.
  struct Visitor {
    std::function<bool(std::string_view name)> wants;
    std::function<void(std::string path, const FileState& state)> file;
    std::function<void(const std::string& path, bool empty)> folder;
  };
  Status Walk(const Visitor& visitor) const;

 private:
  Folder(std::string path, Descriptor root) : path_(std::move(path)), root_(std::move(root)) {}
  Status WalkFolder(int descriptor, const std::string& prefix, const Visitor& visitor, int depth) const;

  std::string path_;
  Descriptor root_;
};

// A path's folder and name; VALIDATION_ERROR as above.
struct PathParts {
  std::string_view folder;  // empty: the folder itself
  std::string name;
};
Result<PathParts> SplitPath(std::string_view path);

std::unexpected<Error> FileFailure(std::string_view path, std::string_view step, int error_number);

}  // namespace levee::memory
