// One buffered way out for everything that goes to standard output.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/status.h"

namespace levee::output {

// Collects bytes and writes them with write(2). The first failure sticks: later appends are dropped
// and every Flush returns it. Not thread-safe.
class BufferedWriter {
 public:
  static constexpr std::size_t kBufferBytes = 256 * 1024;

  // `descriptor` stays the caller's; kDiscard renders into memory only and forgets.
  static constexpr int kDiscard = -1;
  explicit BufferedWriter(int descriptor);
  // Does not flush: an outcome must be looked at.
  ~BufferedWriter() = default;
  BufferedWriter(const BufferedWriter&) = delete;
  BufferedWriter& operator=(const BufferedWriter&) = delete;

  void Append(std::string_view bytes) {
    if (bytes.size() > kBufferBytes - size_) return AppendLarge(bytes);
    std::memcpy(buffer_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  // Appends bytes and a newline.
  void AppendLine(std::string_view line) {
    if (line.size() + 1 > kBufferBytes - size_) return AppendLongLine(line);
    char* at = buffer_.get() + size_;
    std::memcpy(at, line.data(), line.size());
    at[line.size()] = '\n';
    size_ += line.size() + 1;
  }

  // Writes out what is buffered. The reader having gone (EPIPE) is kCancelled, see broken_pipe().
  Status Flush();

  // The outcome so far, without writing.
  Status status() const;
  bool broken_pipe() const { return error_number_ == kBrokenPipe; }
  // Bytes appended so far.
  std::size_t total_bytes() const { return written_ + size_; }

 private:
  static constexpr int kBrokenPipe = 32;  // EPIPE

  void AppendLarge(std::string_view bytes);
  void AppendLongLine(std::string_view line);
  void Drain(std::string_view bytes);

  const int descriptor_;
  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0;
  std::size_t written_ = 0;
  int error_number_ = 0;
};

}  // namespace levee::output
