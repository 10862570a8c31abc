#include "cli/path_list.h"

#include <sstream>

#include "cli/input_text.h"

namespace levee::cli {

Result<std::vector<std::string>> ReadPathList(std::string_view file) {
  LEVEE_ASSIGN(std::string text, ReadInputText(file));
  std::istringstream in(std::move(text));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

}  // namespace levee::cli
