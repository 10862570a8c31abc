// Lines of a stream of bytes, one at a time, in memory that the longest allowed line bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "levee/status.h"

namespace levee::memory {

// Fills the front of the buffer and says how much; 0: the end. Any error ends the reading.
using ReadBytes = std::function<Result<std::size_t>(std::span<char> buffer)>;

// The text as a source; it must outlive the reader.
ReadBytes ReadText(std::string_view text);
// The open file or pipe, which stays the caller's.
ReadBytes ReadDescriptor(int descriptor);

struct Line {
  std::int64_t number = 0;  // from 1, empty ones count
  std::string_view text;    // without "\n" or "\r\n"; there until the next call of Next
};

// What the limit of a content makes the limit of its line: room for the members beside it.
inline constexpr std::size_t kLineSlackBytes = 1u << 20;

// Not thread-safe.
class LineReader {
 public:
  LineReader(ReadBytes read, std::size_t line_limit_bytes);

  // The next line that is not blank; empty at the end. VALIDATION_ERROR names a line above the limit, of which no more than
  // the limit was read; after an error there is no next line.
  Result<std::optional<Line>> Next();

 private:
  // Reads on behind what is held; false at the end.
  Result<bool> Fill();

  ReadBytes read_;
  std::size_t limit_;
  std::string buffer_;           // what was read and not yet given lies in [at_, end_)
  std::size_t at_ = 0, end_ = 0;
  std::size_t searched_ = 0;     // up to here there is no newline
  std::int64_t number_ = 0;
  bool at_end_ = false;
};

}  // namespace levee::memory
