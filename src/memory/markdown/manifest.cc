#include "memory/markdown/manifest.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/status.h"
#include "memory/markdown/folder_batch.h"
#include "memory/markdown/safe_name.h"

namespace levee::memory {
namespace {

constexpr std::string_view kMagic = "LVMF\x01\n";
constexpr std::size_t kLogBytesMax = 1u << 30;
// Two changes within it may have one time: the kernel's clock for files ticks a few hundred times a second.
constexpr std::int64_t kGrainNs = 20'000'000;
constexpr std::size_t kRecordsSlack = 1'000;

std::string Record(std::string_view path, const ManifestEntry* entry) {
  ByteWriter body;
  body.PutText(path);
  body.Put<std::uint8_t>(entry != nullptr ? 1 : 0);
  if (entry != nullptr) {
    body.PutText(entry->id);
    body.Put(entry->state.size_bytes);
    body.Put(entry->state.modified_ns);
    body.Put(entry->state.inode);
    body.Put(entry->hash);
    body.Put(entry->version);
    body.Put(entry->checked_ns);
    body.Put(entry->home);
    body.Put<std::uint8_t>(entry->expires ? 1 : 0);
    body.Put(entry->expires.value_or(0));
  }
  ByteWriter record;
  record.Put(static_cast<std::uint32_t>(body.size()));
  record.Put(Checksum32(body.bytes()));
  record.PutBytes(body.bytes());
  return std::string(AsText(record.bytes()));
}

Status WriteAll(int descriptor, std::string_view text, std::string_view path) {
  while (!text.empty()) {
    const ssize_t size = ::write(descriptor, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return FileFailure(path, "writing the manifest", errno);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

}  // namespace

bool ManifestEntry::IsRacy() const { return state.modified_ns + kGrainNs >= checked_ns; }

Status Manifest::Refresh() {
  LEVEE_ASSIGN(const std::optional<FileState> there, folder_.Stat(path_));
  if (there && there->inode == inode_ && there->size_bytes == read_bytes_) return {};
  FileState state;
  LEVEE_ASSIGN(const std::optional<std::string> log, folder_.Read(path_, kLogBytesMax, state));
  if (!log || state.inode != inode_ || state.size_bytes < read_bytes_) {
    Clear();
    pending_.clear();
    inode_ = state.inode;
    read_bytes_ = 0;
    records_ = 0;
  }
  if (!log) return {};
  ByteReader reader(AsBytes(*log));
  reader.GetBytes(static_cast<std::size_t>(read_bytes_));
  if (read_bytes_ == 0) {
    if (AsText(reader.GetBytes(kMagic.size())) != kMagic) return {};
    read_bytes_ = static_cast<std::int64_t>(kMagic.size());
  }
  while (reader.remaining() > 0) {
    const auto size = reader.Get<std::uint32_t>();
    const auto checksum = reader.Get<std::uint32_t>();
    const ByteSpan body = reader.GetBytes(size);
    if (!reader.ok() || Checksum32(body) != checksum) break;
    Apply(AsText(body));
    ++records_;
    read_bytes_ = static_cast<std::int64_t>(reader.position());
  }
  return {};
}

void Manifest::Apply(std::string_view record) {
  ByteReader reader(AsBytes(record));
  const std::string path(reader.GetText());
  if (reader.Get<std::uint8_t>() == 0) return Drop(path);
  ManifestEntry entry;
  entry.id = reader.GetText();
  entry.state.size_bytes = reader.Get<std::int64_t>();
  entry.state.modified_ns = reader.Get<std::int64_t>();
  entry.state.inode = reader.Get<std::uint64_t>();
  entry.hash = reader.Get<std::uint64_t>();
  entry.version = reader.Get<std::int64_t>();
  entry.checked_ns = reader.Get<std::int64_t>();
  entry.home = reader.Get<std::uint64_t>();
  const bool expires = reader.Get<std::uint8_t>() != 0;
  const auto expiry = reader.Get<std::int64_t>();
  if (expires) entry.expires = expiry;
  if (reader.ok()) Insert(path, std::move(entry));
}

const ManifestEntry* Manifest::Find(std::string_view path) const {
  const auto found = entries_.find(std::string(path));
  return found == entries_.end() ? nullptr : &found->second;
}

const std::string* Manifest::PathOf(std::string_view id) const {
  const auto found = path_by_id_.find(std::string(id));
  return found == path_by_id_.end() ? nullptr : &found->second;
}

const std::string* Manifest::SamePath(std::string_view path) const {
  const auto found = path_by_folded_.find(CaseFolded(path));
  return found == path_by_folded_.end() ? nullptr : &found->second;
}

void Manifest::Set(const std::string& path, ManifestEntry entry) {
  pending_ += Record(path, &entry);
  ++records_;
  Insert(path, std::move(entry));
}

void Manifest::Erase(const std::string& path) {
  pending_ += Record(path, nullptr);
  ++records_;
  Drop(path);
}

void Manifest::Clear() {
  entries_.clear();
  path_by_id_.clear();
  path_by_folded_.clear();
}

void Manifest::Insert(const std::string& path, ManifestEntry entry) {
  Drop(path);
  path_by_id_[entry.id] = path;
  path_by_folded_[CaseFolded(path)] = path;
  entries_[path] = std::move(entry);
}

void Manifest::Drop(const std::string& path) {
  const auto found = entries_.find(path);
  if (found == entries_.end()) return;
  if (const auto by_id = path_by_id_.find(found->second.id); by_id != path_by_id_.end() && by_id->second == path) {
    path_by_id_.erase(by_id);
  }
  if (const auto folded = path_by_folded_.find(CaseFolded(path)); folded != path_by_folded_.end() && folded->second == path) {
    path_by_folded_.erase(folded);
  }
  entries_.erase(found);
}

Status Manifest::Save() {
  if (pending_.empty()) return {};
  if (read_bytes_ == 0 || records_ > entries_.size() * 2 + kRecordsSlack) return WriteAnew();
  LEVEE_ASSIGN(const PathParts parts, SplitPath(path_));
  LEVEE_ASSIGN(const std::optional<Descriptor> folder, folder_.OpenFolder(parts.folder, true));
  if (!folder) return FileFailure(path_, "writing the manifest", ENOENT);
  const Descriptor log(::openat(folder->get(), parts.name.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!log) return WriteAnew();
  // Behind what is sound: half a record that somebody left when he was killed goes.
  if (::ftruncate(log.get(), read_bytes_) != 0 || ::lseek(log.get(), 0, SEEK_END) < 0) {
    return FileFailure(path_, "writing the manifest", errno);
  }
  LEVEE_RETURN_IF_ERROR(WriteAll(log.get(), pending_, path_));
  read_bytes_ += static_cast<std::int64_t>(pending_.size());
  pending_.clear();
  return {};
}

Status Manifest::WriteAnew() {
  std::string log(kMagic);
  for (const auto& [path, entry] : entries_) log += Record(path, &entry);
  LEVEE_ASSIGN(const PathParts parts, SplitPath(path_));
  LEVEE_ASSIGN(const std::optional<Descriptor> folder, folder_.OpenFolder(parts.folder, true));
  if (!folder) return FileFailure(path_, "writing the manifest", ENOENT);
  const std::string temporary = std::string(kTemporaryPrefix) + "manifest";
  const Descriptor file(::openat(folder->get(), temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file) return FileFailure(path_, "writing the manifest", errno);
  LEVEE_RETURN_IF_ERROR(WriteAll(file.get(), log, path_));
  if (::renameat(folder->get(), temporary.c_str(), folder->get(), parts.name.c_str()) != 0) {
    return FileFailure(path_, "writing the manifest", errno);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return FileFailure(path_, "writing the manifest", errno);
  inode_ = status.st_ino;
  read_bytes_ = static_cast<std::int64_t>(log.size());
  records_ = entries_.size();
  pending_.clear();
  return {};
}

}  // namespace levee::memory
