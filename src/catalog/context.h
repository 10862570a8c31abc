// What every operation of a catalog works with.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"
#include "cache/level_options.h"
#include "cache/sharded_cache.h"
#include "catalog/catalog.h"
#include "catalog/question_log.h"
#include "catalog/table_names.h"
#include "catalog/view_refresher.h"
#include "query/cost/planner_memory.h"
#include "query/predicate_cache.h"
#include "query/result_cache.h"
#include "query/single_flight.h"

namespace levee::catalog {

// Thread-safe. Lives as long as its catalog.
class Context {
 public:
  Context(store::Store& store, CatalogOptions options, ObjectStoreOpener open_objects, ParquetLoader load_parquet,
          Clock& clock);

  store::Store& store() { return store_; }
  const CatalogOptions& options() const { return options_; }
  const ParquetLoader& load_parquet() const { return load_parquet_; }
  Clock& clock() { return clock_; }
  int threads() const;
  std::int64_t NowMs() { return clock_.NowMicros() / 1000; }

  // The object store of a table's URI, opened once.
  Result<std::shared_ptr<objectstore::ObjectStore>> Objects(const std::string& uri);
  void Note(const std::string& note) const;
  // Notes something once for each table, however often it is asked.
  void NoteOnce(std::int64_t table_id, const std::string& note);

  TableNames& names() { return names_; }
  cache::ShardedCache& snapshots() { return snapshots_; }
  query::PredicateCache& predicates() { return predicates_; }
  query::PlannerMemory& planner() { return planner_; }
  ViewRefresher& views() { return views_; }
  query::ResultCache& results() { return results_; }
  query::SingleFlight& flights() { return flights_; }
  QuestionLog& questions() { return questions_; }
  const query::RuleSet& rules() const { return options_.rules; }
  // Lets the governor of the caches look at them now and then: once a question.
  void TickCaches() {
    if (options_.caches.governor != nullptr) options_.caches.governor->Tick();
  }

 private:
  store::Store& store_;
  const CatalogOptions options_;
  const ObjectStoreOpener open_objects_;
  const ParquetLoader load_parquet_;
  Clock& clock_;
  TableNames names_;
  cache::ShardedCache snapshots_;
  query::PredicateCache predicates_;
  query::PlannerMemory planner_;
  query::ResultCache results_;
  query::SingleFlight flights_;
  QuestionLog questions_;
  const cache::Membership snapshots_level_, plans_level_;
  std::optional<cache::Membership> results_level_;  // empty: no answers are kept
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<objectstore::ObjectStore>> objects_;  // guarded by mutex_
  std::set<std::int64_t> noted_;                                             // guarded by mutex_
  ViewRefresher views_;  // goes first: its thread uses the others
};

}  // namespace levee::catalog
