// The items of a folder of Markdown files: where each lies, written together and durably.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "levee/memory.h"
#include "memory/markdown/folder.h"
#include "memory/markdown/folder_batch.h"
#include "memory/markdown/item_file.h"
#include "memory/markdown/layout.h"
#include "memory/markdown/manifest.h"

namespace levee::memory {

struct ItemFolderOptions {
  std::string path;
  bool create = true;
  FileSync sync = FileSync::kEachWrite;
  Layout layout;
  ItemFileForm form;
  std::size_t file_limit_bytes = 64u << 20;  // longer files are refused
};

// Holds the folder against other processes. It ends with the object.
class FolderLock {
 public:
  static Result<FolderLock> Take(const Folder& folder);

 private:
  explicit FolderLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

// Its methods need the folder's lock, and one thread at a time.
class ItemFolder {
 public:
  static Result<std::unique_ptr<ItemFolder>> Open(ItemFolderOptions options, Clock& clock);

  const Folder& folder() const { return *folder_; }
  const ItemFolderOptions& options() const { return options_; }
  Manifest& manifest() { return manifest_; }

  struct Changes {
    std::vector<std::string> paths;      // written and removed
    std::vector<std::string> conflicts;  // copies of what was there unexpectedly
  };
  // Writes the files of items as the index has them. `believed` has the states of files that changed since the manifest knew
  // them: what is there becomes a conflict copy.
  struct Write {
    const Item* item;
    std::optional<FileState> believed;
  };
  Result<Changes> WriteItems(std::span<const Write> writes);
  struct Removal {
    std::string id;
    std::optional<FileState> believed;
  };
  // Removes their files, and folders that are empty then; ids without a file are left out.
  Result<Changes> RemoveItems(std::span<const Removal> removals);

  struct ReadItem {
    Item item;
    FileState state;
    std::uint64_t hash = 0;
    bool own = false, has_head = false;
  };
  // Empty: no file is there. VALIDATION_ERROR names the file and the place.
  Result<std::optional<ReadItem>> Read(const std::string& path) const;

  // An entry for a file of that path that was just looked at.
  ManifestEntry Entry(const std::string& path, const Item& item, const FileState& state, std::uint64_t hash) const;

 private:
  ItemFolder(ItemFolderOptions options, std::unique_ptr<Folder> folder, Clock& clock);
  // Where the item's file is to lie: where it is, unless its layout's folder is another one by now.
  Result<std::string> PathFor(const Item& item, std::vector<std::string>& taken) const;

  ItemFolderOptions options_;
  std::unique_ptr<Folder> folder_;
  Clock& clock_;
  Manifest manifest_;
};

}  // namespace levee::memory
