#include "engine/trace_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "metrics/trace.h"

namespace levee::engine {

Result<std::int64_t> WriteTraceFile(const std::string& path) {
  metrics::SetTracing(false);
  const metrics::Trace trace = metrics::TakeTrace();
  const std::string json = metrics::TraceJson(trace);
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  bool written = file != nullptr && std::fwrite(json.data(), 1, json.size(), file) == json.size();
  if (file != nullptr && std::fclose(file) != 0) written = false;
  if (!written) return Fail(ErrorCode::kIo, "trace " + path, std::string("it cannot be written: ") + std::strerror(errno),
                           "name a file in a folder that may be written");
  return trace.dropped;
}

}  // namespace levee::engine
