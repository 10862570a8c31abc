// How a bank over a store is set up.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache/level_options.h"
#include "memory/bank/view.h"
#include "memory/cache/record_cache.h"
#include "memory/model/item_checks.h"
#include "memory/query/item_rules.h"
#include "memory/statistics/alerts.h"
#include "memory/statistics/operation_log.h"
#include "store/tuning.h"
#include "text/analysis/analyzer.h"
#include "text/field.h"
#include "text/query/query.h"

namespace levee::memory {

// What is read into memory when the bank is opened, in the background.
struct WarmOptions {
  std::int64_t items = 0;               // the newest, of all and of each category; 0: none
  std::vector<std::string> categories;  // that are asked for most
};

// Pages in memory may take that part of the memory limit, and so may what is not merged: the rest is for columns, keys and answers.
inline constexpr std::uint64_t kMemoryLimitParts = 4;

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
  ItemRules rules;                   // ways of finding that are switched on
  bool build_indexes_at_once = false;  // custom indexes, whether questions have paid for them or not: for tests
  std::size_t cache_bytes = 64u << 20;  // of pages and posting lists, as they are stored
  int threads = 0;                   // of a merge; 0: as many as the machine has
  RunLimits run_limits;              // when what was written last is merged
  std::size_t unmerged_bytes = 256u << 20;  // of rows in memory, within their part of the limit: above it writers wait for merging
  std::int64_t statistics_ms = 0;    // how often what was done is collected, kept, and held against the limits; 0: never
  std::string statistics_path;       // where it is kept; empty: in memory, as long as the bank is open
  AlertLimits alerts;
  LoggedOperations logged = LoggedOperations::kNone;  // that on_note hears of
  bool explain = false;              // slow questions are remembered with how they were answered
  std::int64_t query_timeout_ms = 0; // of a question; 0: as long as it takes
  std::int64_t checkpoint_ms = 0;    // how often the database's log is moved into it; 0: by its length alone
  bool optimise = true;
  std::int64_t optimise_ms = 0;      // how often the database looks at its statistics; 0: never
  std::int64_t vacuum_ms = 0;        // how often the file is written anew without free space; 0: never
  store::TuningValues database;      // how the store's database is run
  std::shared_ptr<store::Tuning> tuning;  // takes changes of that to the database, which has it too; null: it cannot be tuned
  std::function<Status()> checkpoint;     // does so; empty: the bank's store cannot
  std::function<void(const std::string& note)> on_note;  // hears of alerts, once each crossing, from any thread; may be empty
  std::int64_t drop_lease_ms = 1'000;  // how long readers may go on with what a merge replaced
};

}  // namespace levee::memory
