#include "catalog/kept_runs.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace levee::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifestSuffix = ".manifest";
constexpr std::string_view kRunsSuffix = ".runs";

std::string WithSuffix(const std::string& stem, std::string_view suffix) { return stem + std::string(suffix); }

std::string StemOf(const RunsPlace& place) {
  char plan[17];
  std::snprintf(plan, sizeof(plan), "%016llx", static_cast<unsigned long long>(place.plan.low));
  return place.prefix + ".import-" + std::to_string(place.incarnation) + "-" + plan;
}

std::unexpected<Error> FileError(const std::string& path, const char* step) {
  return Fail(ErrorCode::kIo, path, std::string(step) + ": " + std::strerror(errno),
              "free disk space, or name another folder with --spill-folder");
}

// A closed descriptor is -1.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  int Release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

// Takes the lock on an open manifest. False when another process has it, when the name stands for another file by
// now, or when somebody else's file waits under that name in a folder that is open to all.
bool Lock(int descriptor, const std::string& path) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return false;
  struct stat opened = {}, named = {};
  if (fstat(descriptor, &opened) != 0 || lstat(path.c_str(), &named) != 0) return false;
  return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev && opened.st_uid == geteuid();
}

// The runs go first: a manifest without runs is known for what it is, runs without a manifest are not.
void Unlink(const std::string& stem) {
  unlink(WithSuffix(stem, kRunsSuffix).c_str());
  unlink(WithSuffix(stem, kManifestSuffix).c_str());
}

// False when a process has them.
bool UnlinkIfFree(const std::string& stem) {
  const std::string path = WithSuffix(stem, kManifestSuffix);
  const Descriptor manifest(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (manifest.number() < 0 ? errno != ENOENT : !Lock(manifest.number(), path)) return false;
  Unlink(stem);
  return true;
}

Status WriteAt(int descriptor, ByteSpan bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return FileError("import", "cannot write the manifest of the spill file");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<Bytes> ReadAll(int descriptor) {
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return FileError("import", "cannot read the manifest of a spill file");
  Bytes bytes(static_cast<std::size_t>(status.st_size));
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = pread(descriptor, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("import", "cannot read the manifest of a spill file");
    if (got == 0) break;
    at += static_cast<std::size_t>(got);
  }
  bytes.resize(at);
  return bytes;
}

struct KeptName {
  std::string stem;
  std::int64_t incarnation = 0;
};

// The kept runs of a store's tables.
std::vector<KeptName> FindKept(const std::string& prefix) {
  const fs::path path(prefix);
  const std::string start = path.filename().string() + ".import-";
  std::set<std::string> stems;
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    for (const std::string_view suffix : {kManifestSuffix, kRunsSuffix}) {
      if (!name.starts_with(start) || !name.ends_with(suffix)) continue;
      stems.insert(name.substr(0, name.size() - suffix.size()));
    }
  }
  std::vector<KeptName> found;
  for (const std::string& stem : stems) {
    KeptName& name = found.emplace_back();
    const char* const digits = stem.data() + start.size();
    const auto parsed = std::from_chars(digits, stem.data() + stem.size(), name.incarnation);
    if (parsed.ec != std::errc() || *parsed.ptr != '-') found.pop_back();
    else name.stem = (path.parent_path() / stem).string();
  }
  return found;
}

}  // namespace

Result<std::unique_ptr<KeptRuns>> KeptRuns::Create(const RunsPlace& place) {
  const std::string stem = StemOf(place), path = WithSuffix(stem, kManifestSuffix);
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  Descriptor manifest(open(path.c_str(), kFlags | O_EXCL, 0600));
  if (manifest.number() < 0) {
    if (errno == EEXIST) return nullptr;
    return FileError(path, "cannot make a spill file");
  }
  errno = 0;
  if (!Lock(manifest.number(), path)) {
    // A file system without locks: nothing can be kept there.
    if (errno != 0 && errno != EWOULDBLOCK) unlink(path.c_str());
    return nullptr;
  }
  std::unique_ptr<KeptRuns> kept(new KeptRuns(stem, manifest.Release()));
  const std::string runs = WithSuffix(stem, kRunsSuffix);
  const int file = open(runs.c_str(), kFlags | O_TRUNC, 0600);
  if (file < 0) {
    auto error = FileError(runs, "cannot make a spill file");
    kept->Remove();
    return error;
  }
  kept->file_ = std::make_unique<columnar::RunFile>(file, 0);
  if (Status written = kept->Append(EncodeManifestHeader(place.plan)); !written) {
    kept->Remove();
    return std::unexpected(std::move(written).error());
  }
  return kept;
}

Result<std::unique_ptr<KeptRuns>> KeptRuns::Reopen(const RunsPlace& place, const NoteSink& note) {
  const std::string stem = StemOf(place), path = WithSuffix(stem, kManifestSuffix);
  Descriptor manifest(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (manifest.number() < 0 || !Lock(manifest.number(), path)) return nullptr;
  std::unique_ptr<KeptRuns> kept(new KeptRuns(stem, manifest.Release()));
  const auto useful = kept->Load(place.plan, note);
  if (useful && *useful) return kept;
  // What cannot be read must not stand in the way of the import either.
  if (!useful) note(useful.error().ToString());
  kept->Remove();
  return nullptr;
}

Result<bool> KeptRuns::Load(const Hash128& plan, const NoteSink& note) {
  LEVEE_ASSIGN(const Bytes bytes, ReadAll(manifest_));
  found_ = DecodeManifest(bytes, plan);
  if (!found_.same_plan) {
    if (!bytes.empty()) note("what a broken-off import kept is damaged or of another version; the import starts anew");
    return false;
  }
  const int file = open(WithSuffix(stem_, kRunsSuffix).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  std::uint64_t end = 0;
  for (const CompletedUnits& completed : found_.completed) {
    for (const KeptRun& kept : completed.runs) end = std::max(end, columnar::EndOf(kept.run));
  }
  file_ = std::make_unique<columnar::RunFile>(file, end);
  // After a power cut the manifest may tell of bytes that never reached the disk.
  std::size_t damaged = 0;
  std::vector<CompletedUnits> sound;
  for (CompletedUnits& completed : found_.completed) {
    bool verified = true;
    for (const KeptRun& kept : completed.runs) {
      LEVEE_ASSIGN(const bool run_verified, file_->Verify(kept.run));
      verified &= run_verified;
    }
    if (verified) sound.push_back(std::move(completed));
    else damaged += completed.units.size();
  }
  found_.completed = std::move(sound);
  if (damaged > 0) note("what a broken-off import kept is damaged: " + std::to_string(damaged) + " row groups are read again");
  if (found_.completed.empty()) return false;
  end_ = found_.valid_bytes;
  if (ftruncate(manifest_, static_cast<off_t>(end_)) != 0 || ftruncate(file, static_cast<off_t>(end)) != 0) {
    return FileError(stem_, "cannot cut the spill file");
  }
  return true;
}

KeptRuns::~KeptRuns() { close(manifest_); }

Status KeptRuns::Append(const Bytes& record) {
  const std::lock_guard lock(mutex_);
  LEVEE_RETURN_IF_ERROR(WriteAt(manifest_, record, end_));
  end_ += record.size();
  return {};
}

void KeptRuns::Remove() { Unlink(stem_); }

void RemoveStaleRuns(const RunsPlace& place, const std::function<bool(std::int64_t)>& is_known, const NoteSink& note) {
  const std::string own = StemOf(place);
  for (const KeptName& name : FindKept(place.prefix)) {
    if (fs::path(name.stem).filename() == fs::path(own).filename()) continue;
    const bool same_table = name.incarnation == place.incarnation;
    if (!same_table && is_known(name.incarnation)) continue;
    if (UnlinkIfFree(name.stem) && same_table) {
      note("what a broken-off import kept is of another state of the log; the import starts anew");
    }
  }
}

void RemoveRunsOf(const std::string& prefix, std::int64_t incarnation) {
  for (const KeptName& name : FindKept(prefix)) {
    if (name.incarnation == incarnation) UnlinkIfFree(name.stem);
  }
}

}  // namespace levee::catalog
