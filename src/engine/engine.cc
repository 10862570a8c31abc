#include "engine/engine.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <utility>

#include "arrow/loader.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/memory_budget.h"
#include "base/pool.h"
#include "base/thread_rank.h"
#ifndef LEVEE_EMBEDDED
#include "engine/memory_setup.h"
#endif
#include "engine/trace_file.h"
#ifndef LEVEE_EMBEDDED
#include "memory/cache/tuned_policy.h"
#include "memory/store_bank/store_bank.h"
#endif
#include "metrics/metrics.h"
#include "metrics/trace.h"
#include "objectstore/counted_store.h"
#include "objectstore/object_store.h"
#include "settings/freshness_text.h"
#include "store/open/open.h"
#include "types/value.h"

namespace levee::engine {
namespace {

namespace fs = std::filesystem;

Status MakeFolderOf(const std::string& path) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) {
    return Fail(ErrorCode::kIo, fs::path(path).parent_path().string(),
                "the folder of the default store cannot be made: " + error.message(),
                "name a store with --store or LEVEE_STORE");
  }
  return {};
}

catalog::Freshness ToFreshness(const settings::FreshnessText& text) {
  using Mode = settings::FreshnessText::Mode;
  switch (text.mode) {
    case Mode::kBounded: return {.mode = catalog::Freshness::Mode::kBounded, .bound_ms = text.bound_ms};
    case Mode::kCached: return {.mode = catalog::Freshness::Mode::kCached};
    case Mode::kFresh: break;
  }
  return {};
}

// One of the words that the setting allows.
catalog::ViewRefresh ViewRefreshOfName(std::string_view name) {
  if (name == "commit") return catalog::ViewRefresh::kCommit;
  return name == "demand" ? catalog::ViewRefresh::kDemand : catalog::ViewRefresh::kBackground;
}

// Where imports spill to, and the path there that stands for the store. The path's hash tells stores of one file name
// in a shared folder apart.
struct SpillPlace {
  std::string folder, prefix;
};

SpillPlace PlaceSpill(const std::string& store_uri, const std::string& wanted_folder) {
  const std::string path = store_uri.starts_with("sqlite:") ? store_uri.substr(7) : store_uri;
  std::error_code error;
  const fs::path store = fs::absolute(path, error);
  if (error) return {.folder = wanted_folder, .prefix = {}};
  if (wanted_folder.empty()) return {.folder = store.parent_path().string(), .prefix = store.string()};
  const std::string hash = std::to_string(Checksum32(AsBytes(store.string())));
  return {.folder = wanted_folder, .prefix = (fs::path(wanted_folder) / store.filename()).string() + "-" + hash};
}

// A file beside the store's own.
std::string BesideStore(const std::string& store_uri, const char* suffix) {
  return (store_uri.starts_with("sqlite:") ? store_uri.substr(7) : store_uri) + suffix;
}

Result<std::unique_ptr<objectstore::ObjectStore>> OpenCounted(std::string_view path_or_uri) {
  LEVEE_ASSIGN(auto store, objectstore::OpenObjectStore(path_or_uri));
  return objectstore::CountRequests(std::move(store));
}

objectstore::HttpOptions HttpOptionsFrom(const settings::Settings& settings) {
  return {.connect_timeout_ms = settings.DurationMs("http_connect_timeout"),
          .stall_timeout_ms = settings.DurationMs("http_stall_timeout"),
          .request_timeout_ms = settings.DurationMs("http_request_timeout"),
          .attempts = static_cast<int>(settings.Integer("http_attempts")),
          .retry_time_ms = settings.DurationMs("http_retry_time"),
          .parallel_requests = static_cast<int>(settings.Integer("http_parallel"))};
}

// What the process has before a row is read: libraries' own data, stacks, the database's page cache.
constexpr std::uint64_t kProgramBytes = 24 << 20;

void LimitMemory(std::int64_t limit_bytes) {
  static std::mutex mutex;
  static auto* const program = new MemoryHold(MemoryBudget::Process(), MemoryPart::kProgram);
  const std::lock_guard lock(mutex);
  MemoryBudget& budget = MemoryBudget::Process();
  budget.SetLimit(static_cast<std::uint64_t>(std::max<std::int64_t>(limit_bytes, 0)));
  program->Release();
  program->GrowAnyway(std::min(kProgramBytes, budget.limit_bytes() / 4));
}

}  // namespace

Result<EngineOptions> OptionsFromSettings(const settings::Settings& settings) {
  EngineOptions options;
  LEVEE_ASSIGN(const auto freshness, settings::ParseFreshness(settings.Text("freshness")));
  options.freshness = ToFreshness(freshness);
  options.store_uri = settings.Text("store");
  options.timezone = settings.Text("timezone");
  options.memory_limit_bytes = settings.ByteSize("memory_limit");
  options.threads = static_cast<int>(settings.Integer("threads"));
  options.cache_bytes = settings.ByteSize("cache_size");
  options.key_indexes = settings.Switch("key_indexes");
  options.encoded_evaluation = settings.Switch("encoded_evaluation");
  options.caches.results = settings.Switch("result_cache");
  options.caches.single_flight = settings.Switch("single_flight");
  options.caches.policy = cache::PolicyOfName(settings.Text("cache_policy")).value_or(cache::PolicyKind::kLru);
  options.caches.life_ns = settings.DurationMs("cache_ttl") * 1'000'000;
  options.caches.compress_above_bytes = static_cast<std::size_t>(settings.ByteSize("cache_compression"));
  options.remember_questions = settings.Switch("cache_warming");
  options.warm_ms = settings.DurationMs("warm_time");
  options.cache_fixed = settings.Text("cache_split") == "fixed";
  options.busy_timeout_ms = static_cast<int>(settings.DurationMs("busy_timeout"));
  options.batch_latency_ms = settings.DurationMs("batch_latency");
  options.timeout_ms = settings.DurationMs("timeout");
  options.http = HttpOptionsFrom(settings);
  options.spill_folder = settings.Text("spill_folder");
  options.view_refresh = ViewRefreshOfName(settings.Text("view_refresh"));
  options.metrics = settings.Switch("collect_metrics");
  options.trace_file = settings.Text("trace_file");
#ifndef LEVEE_EMBEDDED
  options.memory = MemoryOptionsFrom(settings);
  LEVEE_RETURN_IF_ERROR(memory::CheckTuning(options.memory.records.policy, [&](std::string_view key) {
    return settings.Get(key).source != settings::Source::kDefault;
  }));
  options.mcp_result_bytes = static_cast<std::size_t>(settings.ByteSize("memory_mcp_result_bytes"));
  options.mcp_line_bytes = static_cast<std::size_t>(settings.ByteSize("memory_mcp_line_bytes"));
  LEVEE_ASSIGN(options.markdown, memory::MarkdownSetupFrom(settings));
#endif
  LEVEE_ASSIGN(options.rules, query::RuleSet::Without(settings.Text("disabled_rules")));
#ifndef LEVEE_EMBEDDED
  options.memory.rules = memory::ItemRulesOf(options.rules);
#endif
  return options;
}

void TakeUpSettings(const settings::Settings& settings) {
  metrics::SetEnabled(settings.Switch("collect_metrics"));
  SetYielding(settings.Switch("yield_to_questions"));
}

Result<std::string> DefaultStoreUri(
    const std::function<std::optional<std::string>(const std::string& name)>& environment) {
  const auto data_home = environment("XDG_DATA_HOME");
  if (data_home && !data_home->empty()) return (fs::path(*data_home) / "levee" / "levee.db").string();
  const auto home = environment("HOME");
  if (!home || home->empty()) {
    return Fail(ErrorCode::kInvalidArgument, "store", "none was named, and there is no home folder for the default",
                "name one with --store or LEVEE_STORE");
  }
  return (fs::path(*home) / ".local" / "share" / "levee" / "levee.db").string();
}

namespace {

// In the user's cache folder; empty without one: it costs a few milliseconds at the first need to do without.
std::string PlannerFile() {
  if (const auto cache = settings::ProcessEnvironment("XDG_CACHE_HOME"); cache && !cache->empty()) {
    return (fs::path(*cache) / "levee" / "planner").string();
  }
  const auto home = settings::ProcessEnvironment("HOME");
  return home && !home->empty() ? (fs::path(*home) / ".cache" / "levee" / "planner").string() : std::string();
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Open(EngineOptions options) {
  if (!types::WallClockToUtc(0, options.timezone)) {
    return Fail(ErrorCode::kInvalidArgument, "timezone '" + options.timezone + "'", "no such time zone",
                "for example UTC, Europe/Berlin or +01:00");
  }
  metrics::SetEnabled(options.metrics);
  if (!options.trace_file.empty()) metrics::SetTracing(true);
  objectstore::SetHttpOptions(options.http);
  LimitPoolThreads(options.threads);
  LimitMemory(options.memory_limit_bytes);
  auto engine = std::unique_ptr<Engine>(new Engine);
  engine->store_uri_ = options.store_uri;
  engine->trace_file_ = options.trace_file;
  engine->on_note_ = options.on_note;
#ifndef LEVEE_EMBEDDED
  engine->memory_options_ = options.memory;
  engine->memory_options_.batch_latency_ms = options.batch_latency_ms;
  engine->markdown_ = options.markdown;
  // Where the files are synced with each write, the index is made good from them.
  if (options.markdown && options.markdown->folder.sync != memory::FileSync::kLater) engine->memory_options_.durable = false;
#endif
  if (engine->store_uri_.empty()) {
    LEVEE_ASSIGN(engine->store_uri_, DefaultStoreUri(settings::ProcessEnvironment));
    if (options.create && !options.read_only) LEVEE_RETURN_IF_ERROR(MakeFolderOf(engine->store_uri_));
  }
  engine->caches_ = std::make_unique<cache::CapacityShare>(
      cache::GovernorOptions{.total_bytes = static_cast<std::uint64_t>(options.cache_bytes),
                             .fixed = options.cache_fixed,
                             .claim = {}},
      MemoryBudget::Process());
  options.caches.governor = &engine->caches_->governor();
  store::OpenOptions store_options{.create = options.create,
                                   .read_only = options.read_only,
                                   .busy_timeout_ms = options.busy_timeout_ms,
                                   .cache_bytes = options.cache_bytes,
                                   .key_indexes = options.key_indexes,
                                   .encoded_evaluation = options.encoded_evaluation,
                                   .caches = options.caches};
#ifndef LEVEE_EMBEDDED
  store_options.tuning = options.memory.tuning;
#endif
  LEVEE_ASSIGN(engine->store_, store::OpenStore(engine->store_uri_, store_options));
  SpillPlace spill = PlaceSpill(engine->store_uri_, options.spill_folder);
  catalog::CatalogOptions catalog_options{.freshness = options.freshness,
                                          .timezone = std::move(options.timezone),
                                          .threads = options.threads,
                                          .memory_limit_bytes = options.memory_limit_bytes,
                                          .batch_latency_ms = options.batch_latency_ms,
                                          .spill_folder = std::move(spill.folder),
                                          .rules = options.rules,
                                          .planner_file = PlannerFile(),
                                          .view_refresh = options.view_refresh,
                                          .caches = options.caches,
                                          .questions_path = options.remember_questions && !options.read_only
                                                                ? BesideStore(engine->store_uri_, "-questions")
                                                                : std::string(),
                                          .warm_ms = options.warm_ms,
                                          .runs_prefix = std::move(spill.prefix),
                                          .on_progress = std::move(options.on_progress),
                                          .on_note = std::move(options.on_note)};
  engine->catalog_ = catalog::MakeCatalog(*engine->store_, std::move(catalog_options), OpenCounted,
                                          arrow::LoadParquetSource, SystemClock());
  if (options.warm && options.remember_questions) {
    engine->warming_ = std::jthread([catalog = engine->catalog_.get()] { catalog->Warm(); });
  }
  return engine;
}

Result<MemoryBank*> Engine::memory() {
#ifdef LEVEE_EMBEDDED
  return Fail(ErrorCode::kUnsupported, "memory bank", "it is not built in", "use the whole library");
#else
  const std::lock_guard lock(memory_mutex_);
  if (memory_ == nullptr) {
    memory_options_.on_note = on_note_;
    memory_options_.checkpoint = [store = store_.get()] { return store->Checkpoint(); };
    if (!store_->bank().read_only()) memory_options_.statistics_path = BesideStore(store_uri_, "-memory-statistics");
    LEVEE_ASSIGN(std::unique_ptr<MemoryBank> bank, memory::StoreBank::Open(store_->bank(), SystemClock(), memory_options_));
    if (markdown_) {
      LEVEE_ASSIGN(bank, memory::OpenMarkdownBank(*markdown_, std::move(bank), on_note_));
    }
    memory_ = std::move(bank);
  }
  return memory_.get();
#endif
}

Status Engine::TakeUpMemory([[maybe_unused]] const settings::Settings& settings) {
#ifndef LEVEE_EMBEDDED
  const std::lock_guard lock(memory_mutex_);
  if (memory_ == nullptr) return {};
  std::map<std::string, std::string> texts = ChangeableMemorySettings(settings);
  if (texts == memory_texts_) return {};
  LEVEE_RETURN_IF_ERROR(memory_->UpdateSettings(texts));
  memory_texts_ = std::move(texts);
#endif
  return {};
}

Engine::~Engine() {
  warming_ = {};
#ifndef LEVEE_EMBEDDED
  memory_.reset();
#endif
  catalog_.reset();
  store_.reset();
  if (trace_file_.empty()) return;
  const auto dropped = WriteTraceFile(trace_file_);
  if (!on_note_) return;
  if (!dropped) on_note_(dropped.error().ToString());
  if (dropped && *dropped > 0) {
    on_note_("trace " + trace_file_ + ": " + std::to_string(*dropped) + " spans were too many to keep");
  }
}

}  // namespace levee::engine
