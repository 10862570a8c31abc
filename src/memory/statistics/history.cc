#include "memory/statistics/history.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <system_error>

#include "base/descriptor.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr mode_t kReadable = 0644;  // less what the process's mask takes away, as with the store itself

std::string OlderPath(const std::string& path) { return path + ".1"; }

std::unexpected<Error> Failed(const std::string& path) {
  return StorageFailure("statistics " + path, std::generic_category().message(errno));
}

// Empty where there is no such file.
Result<Bytes> ReadAll(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return Bytes();
  if (file.get() < 0) return Failed(path);
  Bytes bytes;
  std::array<std::uint8_t, 1 << 16> part;
  while (true) {
    const ssize_t count = ::read(file.get(), part.data(), part.size());
    if (count < 0) return Failed(path);
    if (count == 0) return bytes;
    bytes.insert(bytes.end(), part.begin(), part.begin() + count);
  }
}

}  // namespace

Status StatisticsHistory::Keep(const StatisticsRecord& record) {
  const std::lock_guard lock(mutex_);
  if (options_.path.empty()) {
    records_.push_back(record);
    if (records_.size() > options_.memory_records) records_.pop_front();
    return {};
  }
  const Descriptor file(::open(options_.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kReadable));
  if (file.get() < 0) return Failed(options_.path);
  const Bytes frame = EncodeRecord(record);
  const ssize_t written = ::write(file.get(), frame.data(), frame.size());
  if (written < 0) return Failed(options_.path);
  RotateIfFull(file.get());
  return {};
}

void StatisticsHistory::RotateIfFull(int file) const {
  struct stat ours {};
  if (::fstat(file, &ours) != 0 || static_cast<std::size_t>(ours.st_size) <= options_.file_bytes) return;
  if (::flock(file, LOCK_EX) != 0) return;  // it is tried again with the next record
  struct stat there {};
  const bool still_there = ::stat(options_.path.c_str(), &there) == 0 && there.st_ino == ours.st_ino;
  if (still_there) std::rename(options_.path.c_str(), OlderPath(options_.path).c_str());
}

Result<std::vector<StatisticsRecord>> StatisticsHistory::Since(std::int64_t since) const {
  std::vector<StatisticsRecord> records;
  if (options_.path.empty()) {
    const std::lock_guard lock(mutex_);
    records.assign(records_.begin(), records_.end());
  } else {
    for (const std::string& path : {OlderPath(options_.path), options_.path}) {
      LEVEE_ASSIGN(const Bytes bytes, ReadAll(path));
      std::ranges::move(DecodeRecords(bytes), std::back_inserter(records));
    }
  }
  std::erase_if(records, [&](const StatisticsRecord& record) { return record.until < since; });
  std::ranges::stable_sort(records, {}, &StatisticsRecord::until);
  return records;
}

}  // namespace levee::memory
