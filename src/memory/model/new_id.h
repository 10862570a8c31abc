// Ids for items that come without one.
#pragma once

#include <cstdint>
#include <string>

namespace levee::memory {

// A UUID of version 7 (RFC 9562): the time in milliseconds, then 74 random bits, so that ids ascend with the time and
// those of one process within a millisecond too. Thread-safe.
std::string NewId(std::int64_t now_us);

}  // namespace levee::memory
