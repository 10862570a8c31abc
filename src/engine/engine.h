// The composition root: the only place that names concrete back ends.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/status.h"
#include "cache/capacity_share.h"
#include "catalog/catalog.h"
#include "levee/memory.h"
#ifndef LEVEE_EMBEDDED
#include "memory/markdown/markdown_setup.h"
#include "memory/store_bank/options.h"
#endif
#include "objectstore/http/http_options.h"
#include "settings/settings.h"
#include "store/store.h"

namespace levee::engine {

struct EngineOptions {
  std::string store_uri;                // empty: DefaultStoreUri
  catalog::Freshness freshness;
  std::string timezone = "UTC";
  std::int64_t memory_limit_bytes = 0;  // 0: a quarter of the machine's
  int threads = 0;                      // 0: as many as the machine has
  std::int64_t cache_bytes = 256 << 20;
  bool key_indexes = true;              // sorted indexes of columns
  bool encoded_evaluation = true;       // predicates on columns as they are stored
  cache::CacheSetup caches;             // its governor is the engine's own
  bool cache_fixed = false;             // the caches share cache_bytes out once and for all
  int busy_timeout_ms = 10'000;
  std::int64_t batch_latency_ms = 50;   // of a transaction of a sync or import, aimed at; 0: transactions of one size
  std::int64_t timeout_ms = 0;          // of a command, for who runs it in a CancellationScope; 0: none
  objectstore::HttpOptions http;        // of requests to clouds; of all engines of the process, the last one's
  std::string spill_folder;
  query::RuleSet rules;                 // of the planner
  catalog::ViewRefresh view_refresh = catalog::ViewRefresh::kBackground;
  bool metrics = true;                  // count what happens
  std::string trace_file;               // written when the engine ends; empty: none is
  bool create = true;                   // make the store when it is not there
  bool read_only = false;
  bool remember_questions = true;       // beside the store, for the next process to warm its caches
  std::int64_t warm_ms = 500;           // how long warming goes on
#ifndef LEVEE_EMBEDDED
  memory::StoreBankOptions memory;      // of the memory bank
  std::size_t mcp_result_bytes = 100u << 10, mcp_line_bytes = 64u << 20;  // of the server for agents: an answer, a message
  std::optional<memory::MarkdownSetup> markdown;  // the folder it lives in; nothing: in the store
#endif
  bool warm = false;                    // at the start, in the background: for processes that answer for long
  std::function<void(const catalog::Progress&)> on_progress;
  std::function<void(const std::string& note)> on_note;
};

// From settings that Settings::Load has checked.
Result<EngineOptions> OptionsFromSettings(const settings::Settings& settings);

// Takes up the settings that may change while an engine is at work (Effect::kWhileRunning); for all engines of the
// process. Thread-safe.
void TakeUpSettings(const settings::Settings& settings);

// $XDG_DATA_HOME/levee/levee.db, else ~/.local/share/levee/levee.db. kInvalidArgument without a home folder.
Result<std::string> DefaultStoreUri(
    const std::function<std::optional<std::string>(const std::string& name)>& environment);

// A store with what stands on it. Thread-safe.
class Engine {
 public:
  // Makes the default store's folder when it is not there. kInvalidArgument for an unknown time zone.
  static Result<std::unique_ptr<Engine>> Open(EngineOptions options);

  catalog::Catalog& catalog() { return *catalog_; }
  // Opened with the first call. kUnsupported where it is not built in.
  Result<MemoryBank*> memory();
  // Has the bank, if it is open, take up the settings that may change while it is. Errors as UpdateSettings has them.
  Status TakeUpMemory(const settings::Settings& settings);
  store::Store& store() { return *store_; }
  cache::Governor& cache_governor() { return caches_->governor(); }
  const std::string& store_uri() const { return store_uri_; }

  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  // Writes the trace, if one was asked for; `on_note` hears of a file that cannot be written.
  ~Engine();

 private:
  Engine() = default;

  std::string store_uri_;
  std::unique_ptr<cache::CapacityShare> caches_;  // of both
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<catalog::Catalog> catalog_;  // goes before the store
#ifndef LEVEE_EMBEDDED
  memory::StoreBankOptions memory_options_;
  std::optional<memory::MarkdownSetup> markdown_;
  std::mutex memory_mutex_;
  std::map<std::string, std::string> memory_texts_;  // guarded by memory_mutex_; what TakeUpMemory was told last
  std::unique_ptr<MemoryBank> memory_;         // guarded by memory_mutex_ until it is there; goes before the store
#endif
  std::string trace_file_;
  std::function<void(const std::string& note)> on_note_;
  std::jthread warming_;                       // goes first
};

}  // namespace levee::engine
