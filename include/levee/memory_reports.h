// What the memory bank tells of itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace levee {

struct FacetCount {
  std::string value;
  std::int64_t items = 0;
};

// What a namespace may hold; nothing given: as much as there is room for.
struct Quota {
  std::optional<std::int64_t> max_items, max_bytes;  // bytes of content
};

struct NamespaceInfo {
  std::string name;
  std::int64_t items = 0, content_bytes = 0;
  Quota quota;
};

// An index that a user asked for.
struct IndexSpec {
  std::string name;
  // What it is sorted by: fields ("category", "updated"), JSON paths ("metadata.source"), or "tags" alone.
  std::vector<std::string> keys;
};

// Of one kind of operation since the bank was opened, or in an interval. Percentiles are to an eighth.
struct OperationStats {
  std::string operation;               // "store", "get", "find", ...
  std::int64_t calls = 0, errors = 0, items = 0;
  double calls_per_s = 0;
  double error_rate = 0;               // a share of the calls
  double mean_us = 0, p50_us = 0, p95_us = 0, p99_us = 0, max_us = 0;
};

struct SlowOperation {
  std::int64_t at = 0;                 // microseconds since the epoch
  std::string operation, text;         // what was asked
  double duration_us = 0;
  std::int64_t rows_examined = 0;
  std::string plan;                    // how it was answered, where the setting memory_explain asks for it
};

// What a part of the bank holds in this process's memory.
struct MemoryPartBytes {
  std::string part;                    // "tail", "columns", "texts", "cache"
  std::int64_t bytes = 0;
};

struct MemoryStats {
  std::int64_t items = 0, versions = 0, namespaces = 0;
  std::int64_t content_bytes = 0;      // of the newest versions
  std::int64_t store_bytes = 0, index_bytes = 0;
  std::int64_t segments = 0, tail_items = 0, unindexed = 0;
  std::int64_t cache_bytes = 0, cache_hits = 0, cache_misses = 0, cache_evictions = 0;
  double cache_hit_rate = 1;           // of all looks; 1: there were none
  std::int64_t process_bytes = 0;      // resident
  std::vector<MemoryPartBytes> memory; // whose sum is below process_bytes
  std::int64_t lock_waits = 0;
  double lock_wait_mean_us = 0, lock_wait_max_us = 0;
  std::vector<OperationStats> operations;
  std::vector<SlowOperation> slow;     // newest first
  std::vector<std::string> warnings;   // thresholds that are passed
};

// What one process did with the bank in one interval, and what there was at its end.
struct StatsSample {
  std::int64_t from = 0, until = 0;    // microseconds since the epoch
  std::int64_t process = 0;            // its number in the system
  std::vector<OperationStats> operations;
  std::int64_t cache_hits = 0, cache_misses = 0, cache_evictions = 0;
  double cache_hit_rate = 1;
  std::int64_t lock_waits = 0;
  double lock_wait_mean_us = 0, lock_wait_max_us = 0;
  std::int64_t items = 0, content_bytes = 0, store_bytes = 0, index_bytes = 0, cache_bytes = 0, process_bytes = 0;
};

// What all processes did since a time.
struct StatsHistory {
  StatsSample all;                     // the sum of the samples; what there was: at the end of the newest
  std::vector<StatsSample> samples;    // oldest first; intervals in which nothing was asked have none
  std::vector<SlowOperation> slow;     // newest first
  std::vector<std::string> warnings;   // thresholds that the sum passes
};

struct MaintenanceOptions {
  bool merge = true;                   // the tail into segments, small segments into large ones
  bool purge = true;                   // what expired, and versions past their retention
  bool compact_file = false;           // give freed space back to the file system
  bool repair = false;                 // examine all, and make anew what is damaged, before anything else
  bool rebuild = false;                // the same of what is not damaged, too: keys, columns, sums, posting lists
};

struct MaintenanceReport {
  std::int64_t merged_items = 0, purged_versions = 0, freed_bytes = 0;
  double seconds = 0;
  std::vector<std::string> repaired;   // what was damaged and is right again
  std::vector<std::string> lost;       // what could not be made anew; its bytes are kept aside in the store
};

struct VerifyReport {
  std::int64_t items = 0;
  std::vector<std::string> problems;   // empty: sound
};

}  // namespace levee
