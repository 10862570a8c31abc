// Files that are written together, each whole or not at all.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "memory/markdown/file_sync.h"
#include "memory/markdown/folder.h"

namespace levee::memory {

// Left behind by who was killed, and removed by upkeep.
inline constexpr std::string_view kTemporaryPrefix = ".levee-temporary-";

// Put and Remove write nothing that shows; Commit moves all into place. Not thread-safe.
class FolderBatch {
 public:
  // They are on the disk when Commit returns if `sync` is kEachWrite.
  FolderBatch(const Folder& folder, FileSync sync) : folder_(folder), sync_(sync) {}
  ~FolderBatch();
  FolderBatch(const FolderBatch&) = delete;
  FolderBatch& operator=(const FolderBatch&) = delete;

  // The file of that path is to have that text. `expected` is what is known to be there, nothing: no file is. If something else
  // turns up, it is kept at `conflict_path` instead of lost.
  struct File {
    std::string path;
    std::optional<FileState> expected;
    std::string conflict_path;
    std::string moved_from;  // where it lay until now; empty: there. At no time there are two files
  };
  Status Put(File file, std::string_view text);
  void Remove(File file) { removals_.push_back(std::move(file)); }

  struct Outcome {
    std::vector<FileState> states;       // of the files put, in order
    std::vector<std::string> conflicts;  // paths of the copies that were made
  };
  // Syncs what was put, moves it into place, removes, and syncs the folders - unless nothing is to be synced. An error before the first move leaves nothing.
  Result<Outcome> Commit();

 private:
  struct Staged {
    File file;
    int folder = -1;  // owned by folders_
    std::string name, temporary;
    Descriptor written;
    FileState state;
    bool published = false;
  };

  struct Opened {
    Descriptor descriptor;
    bool changed = false;  // has to be synced
  };
  Result<int> FolderOf(std::string_view folder);
  // Moves the file from where it lay.
  Status Move(const Staged& staged);
  Status SyncStaged();
  // Moves it into place; what it found there and did not expect goes to the conflict path.
  Status Publish(Staged& staged, Outcome& outcome);
  Status RemoveFile(const File& file, Outcome& outcome);

  const Folder& folder_;
  const FileSync sync_;
  std::map<std::string, Opened, std::less<>> folders_;
  std::vector<Staged> staged_;
  std::vector<File> removals_;
};

}  // namespace levee::memory
