// The file that a trace goes to.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"

namespace levee::engine {

// Stops tracing and writes what was kept; returns how many spans were too many to keep. kIo.
Result<std::int64_t> WriteTraceFile(const std::string& path);

}  // namespace levee::engine
