#include "memory/markdown/unsynced_files.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "base/status.h"
#include "memory/model/each_page.h"
#include "memory/model/same_item.h"

namespace levee::memory {
namespace {

constexpr std::size_t kChunkFiles = 512;
// What clocks of processes that wrote together may be apart.
constexpr std::int64_t kSlackUs = 2'000'000;

class Restoring {
 public:
  Restoring(ItemFolder& items, MemoryBank& index, std::int64_t since_us) : items_(items), index_(index), since_us_(since_us) {}

  Result<std::int64_t> Run() {
    LEVEE_RETURN_IF_ERROR(items_.manifest().Refresh());
    LEVEE_RETURN_IF_ERROR(LookAtFiles());
    LEVEE_RETURN_IF_ERROR(LookForMissing());
    LEVEE_RETURN_IF_ERROR(Write());
    const auto removed = static_cast<std::int64_t>(removals_.size());
    LEVEE_RETURN_IF_ERROR(items_.RemoveItems(removals_));
    return restored_ + removed;
  }

 private:
  struct File {
    std::string path, id;
    FileState state;
    std::optional<ItemFolder::ReadItem> read;  // empty: it is lost
  };

  Status LookAtFiles() {
    std::vector<std::pair<std::string, FileState>> found;
    LEVEE_RETURN_IF_ERROR(items_.folder().Walk(
        {.wants = IsItemFileName, .file = [&](std::string path, const FileState& state) { found.emplace_back(std::move(path), state); },
         .folder = nullptr}));
    std::vector<File> chunk;
    for (const auto& [path, state] : found) {
      LEVEE_ASSIGN(std::optional<File> file, Look(path, state));
      if (file) chunk.push_back(std::move(*file));
      if (chunk.size() < kChunkFiles && &path != &found.back().first) continue;
      LEVEE_RETURN_IF_ERROR(Compare(chunk));
      chunk.clear();
    }
    return {};
  }

  // Nothing: no item that is known has to do with it.
  Result<std::optional<File>> Look(const std::string& path, const FileState& state) {
    auto read = items_.Read(path);
    // Somebody's; taking over says what is wrong with it.
    if (!read && read.error().code == ErrorCode::kInvalidArgument) return std::nullopt;
    if (!read) return std::unexpected(std::move(read).error());
    if (!*read) return std::nullopt;
    File file{.path = path, .id = (*read)->item.id, .state = state, .read = {}};
    const ManifestEntry* const entry = items_.manifest().Find(path);
    if (!(*read)->has_head && entry != nullptr) file.id = entry->id;
    if (!IsLost(**read)) {
      file.read = std::move(**read);
    } else if (entry == nullptr) {
      nameless_.insert_or_assign(path, state);
      return std::nullopt;
    }
    return file;
  }

  // Empty, or nothing but zeros.
  static bool IsLost(const ItemFolder::ReadItem& read) {
    return !read.has_head && read.item.content.find_first_not_of('\0') == std::string::npos;
  }

  static bool Says(const File& file, const Item& item) {
    if (!file.read) return false;
    return file.read->has_head ? SaysTheSame(file.read->item, item) : file.read->item.content == item.content;
  }

  Status Compare(const std::vector<File>& chunk) {
    std::vector<std::string> ids;
    ids.reserve(chunk.size());
    for (const File& file : chunk) ids.push_back(file.id);
    LEVEE_ASSIGN(const auto current, index_.GetAll(ids, {}));
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      seen_.insert(chunk[i].id);
      if (current[i] && Says(chunk[i], *current[i])) continue;
      LEVEE_ASSIGN(const bool as_before, IsAsBefore(chunk[i]));
      if (!as_before) continue;
      if (current[i]) {
        Restore(*current[i], chunk[i].path, chunk[i].state);
      } else {
        Adopt(chunk[i].path, {.id = chunk[i].id}, chunk[i].state);
        removals_.push_back({.id = chunk[i].id, .believed = chunk[i].state});
      }
    }
    return {};
  }

  // Whether the file is lost or says what the item said before a change that is not older than the last sync.
  Result<bool> IsAsBefore(const File& file) {
    LEVEE_ASSIGN(const std::vector<ItemVersion> history, index_.History(file.id, {}));
    if (history.empty() || history.front().written < since_us_) return false;
    if (!file.read) return true;
    for (std::size_t i = 0; i < history.size() && history[i].written >= since_us_; ++i) {
      const bool removal = history[i].operation == "delete" || history[i].operation == "expire";
      if (removal && Says(file, history[i].item)) return true;
      if (i + 1 < history.size() && Says(file, history[i + 1].item)) return true;
    }
    return false;
  }

  Status LookForMissing() {
    return EachPage(index_, AllItems(), [this](const std::vector<Found>& items) -> Status {
      for (const Found& found : items) {
        if (!seen_.contains(found.item.id)) LEVEE_RETURN_IF_ERROR(RestoreMissing(found.item.id));
      }
      return {};
    });
  }

  Status RestoreMissing(const std::string& id) {
    LEVEE_ASSIGN(const auto history, index_.History(id, 1));
    if (history.empty() || history.front().written < since_us_) return {};
    const Item& item = history.front().item;
    const std::string path = ItemPath(item, items_.options().layout);
    const auto nameless = nameless_.find(path);
    // The manifest may not know of the item, or know where it lay before it moved here.
    if (nameless != nameless_.end()) {
      Restore(item, path, nameless->second);
    } else {
      lost_.push_back(item);
      writes_.push_back({.item = &lost_.back(), .believed = {}});
    }
    return {};
  }

  void Restore(const Item& item, const std::string& path, const FileState& there) {
    Adopt(path, item, there);
    lost_.push_back(item);
    writes_.push_back({.item = &lost_.back(), .believed = there});
  }

  // Tells the manifest whose the file is, in case that was lost too.
  void Adopt(const std::string& path, const Item& item, const FileState& there) {
    const ManifestEntry* const known = items_.manifest().Find(path);
    if (known == nullptr || known->id != item.id) items_.manifest().Set(path, items_.Entry(path, item, there, 0));
  }

  Status Write() {
    for (std::size_t at = 0; at < writes_.size(); at += kChunkFiles) {
      const std::size_t count = std::min(kChunkFiles, writes_.size() - at);
      LEVEE_RETURN_IF_ERROR(items_.WriteItems(std::span(writes_).subspan(at, count)));
      restored_ += static_cast<std::int64_t>(count);
    }
    return {};
  }

  ItemFolder& items_;
  MemoryBank& index_;
  const std::int64_t since_us_;
  std::unordered_set<std::string> seen_;                    // ids that have a file
  std::unordered_map<std::string, FileState> nameless_;     // lost files that nobody knows the item of
  std::deque<Item> lost_;
  std::vector<ItemFolder::Write> writes_;                   // into lost_
  std::vector<ItemFolder::Removal> removals_;
  std::int64_t restored_ = 0;
};

}  // namespace

Result<std::int64_t> RestoreUnsyncedFiles(ItemFolder& items, MemoryBank& index, std::int64_t synced_us) {
  return Restoring(items, index, synced_us - kSlackUs).Run();
}

}  // namespace levee::memory
