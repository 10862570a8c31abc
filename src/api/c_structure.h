// Structures that callers of the C interface fill.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>

#include "base/status.h"

namespace levee::api {

// No structure will ever be so large: a size beyond it was never set.
inline constexpr std::size_t kStructureBytesMax = 4096;

// The caller's structure in the shape of this library: what an older caller does not know keeps its default, what a newer
// one knows beyond it must be zero, since it would be ignored.
template <typename Options>
Result<Options> ReadStructure(const Options* given, Options options, const char* name) {
  if (given == nullptr) return options;
  const std::size_t size = given->size;
  if (size < sizeof(Options::size)) {
    return Fail(ErrorCode::kInvalidArgument, std::string("argument ") + name, "its size is not set",
                "begin with the macro that levee_c.h has for it");
  }
  if (size > kStructureBytesMax) {
    return Fail(ErrorCode::kInvalidArgument, std::string("argument ") + name, "its size is not that of a structure",
                "begin with the macro that levee_c.h has for it");
  }
  const char* const bytes = reinterpret_cast<const char*>(given);
  for (std::size_t i = sizeof(Options); i < size; ++i) {
    if (bytes[i] == 0) continue;
    return Fail(ErrorCode::kUnsupported, std::string("argument ") + name,
                "it has a field that this version of the library does not know", "install the library of your header");
  }
  std::memcpy(&options, given, std::min(size, sizeof(Options)));
  return options;
}

}  // namespace levee::api
