// The paths that object stores take.
#pragma once

#include <string_view>

#include "base/status.h"

namespace levee::objectstore {

// kInvalidArgument unless `path` is empty or made of parts between single slashes, none of them ".",
// ".." or holding a zero byte: what passes can't lead out of a root that it is put behind.
Status CheckRelativePath(std::string_view path);

}  // namespace levee::objectstore
