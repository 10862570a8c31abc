#include "memory/exchange/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/status.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

std::unexpected<Error> Failure(const std::string& path, const char* step) {
  return StorageFailure(path.empty() ? "standard output" : path, std::string(step) + ": " + std::strerror(errno));
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::Open(const std::string& path) {
  if (path == "-") return std::unique_ptr<OutputFile>(new OutputFile("", "", STDOUT_FILENO));
  std::string temporary = path + ".part-" + std::to_string(::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return Failure(path, "making the file");
  return std::unique_ptr<OutputFile>(new OutputFile(path, std::move(temporary), descriptor));
}

OutputFile::~OutputFile() {
  if (path_.empty()) return;
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status OutputFile::Drain() { return text_.size() < kPieceBytes ? Status() : WriteOut(); }

Status OutputFile::WriteOut() {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const ssize_t size = ::write(descriptor_, rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Failure(path_, "writing the file");
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  text_.clear();
  return {};
}

Status OutputFile::Finish() {
  LEVEE_RETURN_IF_ERROR(WriteOut());
  if (path_.empty()) return {};
  if (::fsync(descriptor_) != 0) return Failure(path_, "syncing the file");
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return Failure(path_, "renaming the file");
  temporary_.clear();
  return {};
}

}  // namespace levee::memory
