// What one process did in one interval of time, and its bytes. Format: docs/formats/memory-statistics.md.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "levee/memory_reports.h"
#include "memory/statistics/activity.h"

namespace levee::memory {

struct StatisticsRecord {
  std::int64_t from = 0, until = 0;     // microseconds since the epoch
  std::int64_t process = 0;             // its number in the system
  Activity activity;
  // At the end of the interval.
  std::int64_t items = 0, content_bytes = 0, store_bytes = 0, index_bytes = 0, cache_bytes = 0, process_bytes = 0;
  std::vector<SlowOperation> slow;      // oldest first
};

// A frame, which can be told from damage: texts of slow operations are cut to 500 bytes, and the last 20 of them are kept.
Bytes EncodeRecord(const StatisticsRecord& record);

// Every record of the frames, in order; bytes that are no sound frame are passed over.
std::vector<StatisticsRecord> DecodeRecords(ByteSpan frames);

}  // namespace levee::memory
