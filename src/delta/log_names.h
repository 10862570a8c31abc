// The names of files in `_delta_log`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::delta {

enum class LogFileKind : std::uint8_t {
  kCommit,               // <v>.json
  kClassicCheckpoint,    // <v>.checkpoint.parquet
  kCheckpointPart,       // <v>.checkpoint.<part>.<parts>.parquet
  kV2ParquetCheckpoint,  // <v>.checkpoint.<uuid>.parquet
  kV2JsonCheckpoint,     // <v>.checkpoint.<uuid>.json
  kCompacted,            // <first>.<last>.compacted.json
  kChecksum,             // <v>.crc
};

struct LogFileName {
  LogFileKind kind = LogFileKind::kCommit;
  std::int64_t version = 0;       // of a compacted file: its first
  std::int64_t last_version = 0;  // compacted files
  std::int64_t part = 0;          // checkpoint parts, from 1
  std::int64_t parts = 0;
};

// Empty for a name of any other form.
std::optional<LogFileName> ParseLogFileName(std::string_view name);

// 20 digits.
std::string VersionText(std::int64_t version);

}  // namespace levee::delta
