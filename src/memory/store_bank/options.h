// How a bank over a store is set up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cache/level_options.h"
#include "memory/bank/view.h"
#include "memory/cache/record_cache.h"
#include "memory/model/item_checks.h"
#include "text/analysis/analyzer.h"
#include "text/field.h"
#include "text/query/query.h"

namespace levee::memory {

// What is read into memory when the bank is opened, in the background.
struct WarmOptions {
  std::int64_t items = 0;               // the newest, of all and of each category; 0: none
  std::vector<std::string> categories;  // that are asked for most
};

struct StoreBankOptions {
  bool durable = true;               // an acknowledged write has been synced
  bool group_commit = true;
  std::int64_t batch_latency_ms = 0;  // how long a transaction of several writers should take; 0: any time
  bool background_merge = true;      // a thread merges what writing leaves behind; off: Maintain alone does
  std::string author;                // of writes that name none
  std::string replica;               // empty: the store's own, made up with the first write
  ItemLimits limits;
  std::optional<std::int64_t> keep_us;  // how long versions are kept once they ended; nothing: for ever
  text::AnalyzerOptions analyzer;
  text::FieldWeights weights = text::kDefaultWeights;
  text::Typos typos;
  std::int64_t slow_us = 100'000;    // operations above it are remembered
  RecordCacheOptions records;        // items kept decoded
  WarmOptions warm;
  std::size_t cache_bytes = 64u << 20;  // of pages and posting lists, as they are stored
  RunLimits run_limits;              // when what was written last is merged
  std::int64_t drop_lease_ms = 1'000;  // how long readers may go on with what a merge replaced
};

}  // namespace levee::memory
