#include "objectstore/relative_path.h"

namespace levee::objectstore {

Status CheckRelativePath(std::string_view path) {
  if (path.empty()) return {};
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument, std::string(path), "it is no path below the table's folder");
    }
    begin = end + 1;
  }
  return {};
}

}  // namespace levee::objectstore
