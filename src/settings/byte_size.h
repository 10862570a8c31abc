// Sizes of memory and files as users write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace levee::settings {

// Bytes of "4096", "64KB", "256MB", "2GB", "1TB" (powers of 1,024; "KiB" and lower case too; a blank
// before the unit is allowed). kInvalidArgument for anything else, and beyond 1 PB.
Result<std::int64_t> ParseByteSize(std::string_view text);

}  // namespace levee::settings
