// Texts that a user hands over as a file.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace levee::cli {

// The whole file; "-" is standard input. kIo names the file.
Result<std::string> ReadInputText(std::string_view file);

}  // namespace levee::cli
