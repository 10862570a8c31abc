#include "catalog/context.h"

#include <utility>

#include "base/parallel.h"

namespace levee::catalog {
namespace {

using cache::LevelKind;

constexpr std::size_t kSnapshotBytesMax = 32 << 20;
constexpr std::size_t kPredicateBytesMax = 8 << 20;
constexpr std::size_t kResultBytesMax = 16 << 20;
constexpr std::size_t kObjectStoresMax = 1'024;

cache::CacheOptions ResultOptions(const cache::CacheSetup& setup) {
  cache::CacheOptions options = cache::OptionsOf(setup, LevelKind::kResults, kResultBytesMax,
                                                  &query::ResultCodec());
  if (!setup.results) options.budget = 0;
  return options;
}

}  // namespace

Context::Context(store::Store& store, CatalogOptions options, ObjectStoreOpener open_objects,
                 ParquetLoader load_parquet, Clock& clock)
    : store_(store), options_(std::move(options)), open_objects_(std::move(open_objects)),
      load_parquet_(std::move(load_parquet)), clock_(clock),
      snapshots_(cache::OptionsOf(options_.caches, LevelKind::kSnapshots, kSnapshotBytesMax)),
      predicates_(cache::OptionsOf(options_.caches, LevelKind::kPlans, kPredicateBytesMax), options_.rules),
      planner_(options_.planner_file),
      results_(ResultOptions(options_.caches)),
      flights_(options_.caches.single_flight),
      questions_(options_.questions_path),
      snapshots_level_(options_.caches.governor, LevelKind::kSnapshots, snapshots_),
      plans_level_(options_.caches.governor, LevelKind::kPlans, predicates_.cache()),
      views_(store, options_.view_refresh, [this](const std::string& note) { Note(note); }) {
  if (options_.caches.results) {
    results_level_.emplace(options_.caches.governor, LevelKind::kResults, results_.cache());
  }
}

int Context::threads() const { return options_.threads > 0 ? options_.threads : MachineThreads(); }

Result<std::shared_ptr<objectstore::ObjectStore>> Context::Objects(const std::string& uri) {
  const std::lock_guard lock(mutex_);
  if (const auto found = objects_.find(uri); found != objects_.end()) return found->second;
  LEVEE_ASSIGN(std::shared_ptr<objectstore::ObjectStore> opened, open_objects_(uri));
  if (objects_.size() >= kObjectStoresMax) objects_.clear();
  objects_.emplace(uri, opened);
  return opened;
}

void Context::Note(const std::string& note) const {
  if (options_.on_note) options_.on_note(note);
}

void Context::NoteOnce(std::int64_t table_id, const std::string& note) {
  {
    const std::lock_guard lock(mutex_);
    if (!noted_.insert(table_id).second) return;
  }
  Note(note);
}

}  // namespace levee::catalog
