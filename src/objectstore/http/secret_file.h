// Reading the small files that clouds' tools keep credentials in.
#pragma once

#include <string>

#include "base/status.h"

namespace levee::objectstore {

// At most 1 MB; kNotFound when it is not there. No part of it stands in an error.
Result<std::string> ReadSmallFile(const std::string& path);

// Without blanks and line ends around it: tokens are written with and without them.
std::string Trimmed(std::string_view text);

}  // namespace levee::objectstore
