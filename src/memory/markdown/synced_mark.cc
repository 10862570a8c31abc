#include "memory/markdown/synced_mark.h"

#include <charconv>
#include <fstream>

#include "base/status.h"
#include "memory/markdown/folder_batch.h"

namespace levee::memory {
namespace {

constexpr const char* kPath = ".levee/synced";
constexpr std::size_t kBytesMax = 4'096;

}  // namespace

Result<std::optional<SyncedMark>> ReadSyncedMark(const Folder& folder) {
  FileState state;
  LEVEE_ASSIGN(const std::optional<std::string> text, folder.Read(kPath, kBytesMax, state));
  if (!text) return std::nullopt;
  const std::size_t blank = text->find(' ');
  if (blank == std::string::npos || !text->ends_with('\n')) return std::nullopt;
  SyncedMark mark{.boot = text->substr(0, blank)};
  const char* const end = text->data() + text->size() - 1;
  const auto [rest, error] = std::from_chars(text->data() + blank + 1, end, mark.synced_us);
  if (error != std::errc() || rest != end) return std::nullopt;
  return mark;
}

Status WriteSyncedMark(const Folder& folder, const SyncedMark& mark) {
  FolderBatch batch(folder, FileSync::kEachWrite);
  LEVEE_ASSIGN(const std::optional<FileState> there, folder.Stat(kPath));
  LEVEE_RETURN_IF_ERROR(batch.Put({.path = kPath, .expected = there}, mark.boot + " " + std::to_string(mark.synced_us) + "\n"));
  LEVEE_RETURN_IF_ERROR(batch.Commit());
  return {};
}

Status RemoveSyncedMark(const Folder& folder) {
  LEVEE_RETURN_IF_ERROR(folder.Remove(kPath));
  return {};
}

std::string CurrentBoot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot;
  std::getline(file, boot);
  return boot;
}

}  // namespace levee::memory
