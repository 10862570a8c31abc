// Takes over into the index what people and other programs did in the folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "levee/memory.h"
#include "memory/markdown/item_folder.h"

namespace levee::memory {

struct SyncOptions {
  // Only these files; nothing: all there are.
  std::optional<std::vector<std::string>> paths;
  bool reread = false;       // trust no state: read every file
  bool check_index = false;  // compare the index's versions with the manifest's, and remove items that have no file
};

struct SyncReport {
  std::int64_t files = 0;      // looked at
  std::int64_t read = 0;       // of them read
  std::int64_t stored = 0, deleted = 0, moved = 0;
  std::int64_t restored = 0;          // written again, as a power cut had taken them; told by opening alone
  std::vector<std::string> paths;     // taken over or gone
  std::vector<std::string> problems;  // files that hold no item, and why; they stay as they are
};

// The folder is the authority: what differs, the index gets from the file. Needs the folder's lock.
//
// An edit becomes a new version by `author`, its time that of the file. A file that vanished deletes its item, unless a file with
// its id turned up elsewhere: then it moved. Of two files with one id the known one keeps it, else the first by path; the other's id
// is its path. A file that cannot be read changes nothing. STORAGE_ERROR when the folder lost all of its files at once.
class FolderSync {
 public:
  FolderSync(ItemFolder& items, MemoryBank& index, Clock& clock, std::string author)
      : items_(items), index_(index), clock_(clock), author_(std::move(author)) {}

  Result<SyncReport> Run(const SyncOptions& options);

  // Gives items of the index the state of their files again, and deletes those without one: after a write that failed.
  Status RollBack(const std::vector<std::string>& ids);

 private:
  struct Seen {
    std::string path;
    FileState state;
  };
  struct Taken {
    std::string path;
    ItemFolder::ReadItem read;
    bool content_only = false;  // the file has no head: what else there is of the item, the index has
  };

  Result<std::vector<Seen>> List(const SyncOptions& options);
  std::vector<std::string> Vanished(const SyncOptions& options, const std::vector<Seen>& seen) const;
  bool IsKnown(const Seen& seen, const SyncOptions& options) const;
  Status CheckVersions(std::vector<Seen>& known, std::vector<Seen>& changed);
  Status TakeFiles(const std::vector<Seen>& changed, const std::vector<std::string>& vanished);
  // One file of a chunk; nothing: there is nothing to be taken over.
  std::optional<Taken> TakeFile(const Seen& seen, const std::vector<std::string>& vanished);
  void SettleId(const std::string& path, Item& item, const std::vector<std::string>& vanished);
  Status StoreChunk(std::vector<Taken>& chunk);
  Status StoreItems(std::vector<Taken*>& changed);
  void Remember(const Taken& taken, std::int64_t version);
  Status DeleteVanished(const std::vector<std::string>& vanished);
  Status DeleteOrphans();

  ItemFolder& items_;
  MemoryBank& index_;
  Clock& clock_;
  std::string author_;
  SyncReport report_;
  bool reread_ = false;
  std::vector<std::string> replaced_;  // ids whose file says another id now
};

}  // namespace levee::memory
