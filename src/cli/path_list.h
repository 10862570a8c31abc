// Lists of paths that a user hands over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace levee::cli {

// The lines of a file that are not empty; "-" is standard input. kIo names the file.
Result<std::vector<std::string>> ReadPathList(std::string_view file);

}  // namespace levee::cli
