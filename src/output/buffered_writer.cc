#include "output/buffered_writer.h"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace levee::output {

static_assert(EPIPE == 32);

BufferedWriter::BufferedWriter(int descriptor)
    : descriptor_(descriptor), buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {}

Status BufferedWriter::Flush() {
  Drain({buffer_.get(), size_});
  size_ = 0;
  return status();
}

Status BufferedWriter::status() const {
  if (error_number_ == 0) return {};
  if (broken_pipe()) return Fail(ErrorCode::kCancelled, "standard output", "its reader has gone");
  return Fail(ErrorCode::kIo, "standard output", std::strerror(error_number_),
              error_number_ == ENOSPC ? "free some space and ask again" : "");
}

void BufferedWriter::AppendLarge(std::string_view bytes) {
  Drain({buffer_.get(), size_});
  size_ = 0;
  if (bytes.size() > kBufferBytes) return Drain(bytes);
  Append(bytes);
}

void BufferedWriter::AppendLongLine(std::string_view line) {
  Append(line);
  Append("\n");
}

void BufferedWriter::Drain(std::string_view bytes) {
  written_ += bytes.size();
  if (descriptor_ == kDiscard) return;
  while (!bytes.empty() && error_number_ == 0) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      // A non-blocking descriptor inherited from a parent: wait until it takes more.
      pollfd ready{descriptor_, POLLOUT, 0};
      if (::poll(&ready, 1, -1) < 0 && errno != EINTR) error_number_ = errno;
    } else if (errno != EINTR) {
      error_number_ = errno;
    }
  }
}

}  // namespace levee::output
