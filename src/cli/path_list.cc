#include "cli/path_list.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>

namespace levee::cli {
namespace {

std::vector<std::string> LinesOf(std::istream& in) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

}  // namespace

Result<std::vector<std::string>> ReadPathList(std::string_view file) {
  std::ifstream in{file == "-" ? std::string("/dev/stdin") : std::string(file)};
  if (!in) return Fail(ErrorCode::kIo, std::string(file), std::string("cannot be read: ") + std::strerror(errno));
  std::vector<std::string> lines = LinesOf(in);
  if (in.bad()) return Fail(ErrorCode::kIo, std::string(file), "cannot be read to its end");
  return lines;
}

}  // namespace levee::cli
