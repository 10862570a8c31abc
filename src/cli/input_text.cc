#include "cli/input_text.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace levee::cli {

Result<std::string> ReadInputText(std::string_view file) {
  std::ifstream in{file == "-" ? std::string("/dev/stdin") : std::string(file), std::ios::binary};
  if (!in) return Fail(ErrorCode::kIo, std::string(file), std::string("cannot be read: ") + std::strerror(errno),
                       "name a file that may be read, or - for standard input");
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return Fail(ErrorCode::kIo, std::string(file), "cannot be read to its end");
  return text;
}

}  // namespace levee::cli
