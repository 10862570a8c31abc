#include "memory/json/line_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/status.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

ReadBytes ReadText(std::string_view text) {
  return [text](std::span<char> buffer) mutable -> Result<std::size_t> {
    const std::size_t size = text.copy(buffer.data(), buffer.size());
    text.remove_prefix(size);
    return size;
  };
}

ReadBytes ReadDescriptor(int descriptor) {
  return [descriptor](std::span<char> buffer) -> Result<std::size_t> {
    while (true) {
      const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
      if (size >= 0) return static_cast<std::size_t>(size);
      if (errno != EINTR) return StorageFailure("reading", std::strerror(errno));
    }
  };
}

LineReader::LineReader(ReadBytes read, std::size_t line_limit_bytes) : read_(std::move(read)), limit_(line_limit_bytes) {}

Result<std::optional<Line>> LineReader::Next() {
  while (true) {
    const void* newline = std::memchr(buffer_.data() + searched_, '\n', end_ - searched_);
    std::size_t line_end = end_;
    if (newline != nullptr) {
      line_end = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data());
    } else {
      searched_ = end_;
    }
    if (line_end - at_ > limit_) {
      at_ = searched_ = end_ = 0;
      at_end_ = true;
      return InvalidItem("line " + std::to_string(number_ + 1), "it is longer than " + std::to_string(limit_) + " bytes");
    }
    if (newline == nullptr && !at_end_) {
      LEVEE_RETURN_IF_ERROR(Fill());
      continue;
    }
    if (newline == nullptr && at_ == end_) return std::nullopt;
    std::string_view text(buffer_.data() + at_, line_end - at_);
    at_ = searched_ = std::min(line_end + 1, end_);
    ++number_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (!IsBlank(text)) return Line{number_, text};
  }
}

Result<bool> LineReader::Fill() {
  if (at_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
    end_ -= at_;
    searched_ -= at_;
    at_ = 0;
  }
  if (buffer_.size() - end_ < kReadBytes) buffer_.resize(std::max(end_ + kReadBytes, std::min(buffer_.size() * 2, limit_)));
  auto size = read_({buffer_.data() + end_, buffer_.size() - end_});
  if (!size) {
    at_end_ = true;
    at_ = searched_ = end_ = 0;
    return std::unexpected(std::move(size).error());
  }
  end_ += *size;
  at_end_ = *size == 0;
  return !at_end_;
}

}  // namespace levee::memory
