// Lines of a pipe, each within a limit; a longer one is passed over, and the next one is read.
#pragma once

#include <cstddef>
#include <string>

#include "levee/status.h"

namespace levee::mcp {

// Not thread-safe.
class LineSource {
 public:
  LineSource(int descriptor, std::size_t line_limit_bytes) : descriptor_(descriptor), limit_(line_limit_bytes) {}

  enum class Kind { kLine, kTooLong, kEnd };
  // kLine: `line` is the next one, without its newline. kTooLong: it is empty. The last line needs no newline. kIo.
  Result<Kind> Next(std::string& line);

 private:
  int descriptor_;
  std::size_t limit_;
  std::string held_;          // read and not yet given
  std::size_t searched_ = 0;  // so far there is no newline in held_
  bool skipping_ = false;     // within a line that is too long
  bool ended_ = false;
};

}  // namespace levee::mcp
