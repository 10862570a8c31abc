#include "memory/store_bank/store_bank.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "memory/model/errors.h"

namespace levee::memory {
namespace {

// Posting lists of a large bank would push each other out of what is enough for a small one: a quarter of the store, up to eight times
// as much as asked.
std::size_t PageCacheBytes(const StoreBankOptions& options, store::BankStore& store) {
  constexpr std::uint64_t kStoreParts = 4, kMostTimes = 8;
  const auto store_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, store.SizeBytes().value_or(0)));
  const auto wanted = std::clamp<std::uint64_t>(store_bytes / kStoreParts, options.cache_bytes, options.cache_bytes * kMostTimes);
  return std::min<std::uint64_t>(wanted, MemoryBudget::Process().limit_bytes() / kMemoryLimitParts);
}

}  // namespace

Result<std::unique_ptr<StoreBank>> StoreBank::Open(store::BankStore& store, Clock& clock, StoreBankOptions options) {
  auto analyzer = text::Analyzer::Make(options.analyzer);
  if (!analyzer) return WithCode(std::move(analyzer).error(), "VALIDATION_ERROR");
  std::unique_ptr<StoreBank> bank(new StoreBank(store, clock, std::move(options), std::move(*analyzer)));
  if (bank->options_.warm.items > 0 && bank->records_.is_on()) {
    bank->warmer_ = std::jthread([raw = bank.get()](const std::stop_token& stop) { raw->Warm(stop); });
  }
  bank->StartSchedule();
  return bank;
}

StoreBank::StoreBank(store::BankStore& store, Clock& clock, StoreBankOptions options,
                     std::shared_ptr<const text::Analyzer> analyzer)
    : store_(store), clock_(clock), options_(std::move(options)),
      records_(options_.records, MemoryBudget::Process(), clock),
      pages_(store, records_, {.name = "memory", .budget = PageCacheBytes(options_, store)}),
      view_(store, pages_, clock, options_.run_limits),
      text_(std::move(analyzer), options_.weights, pages_),
      indexes_(MemoryBudget::Process(), options_.build_indexes_at_once),
      log_(clock, options_.slow_us, [this](const SlowOperation& operation) { TellOperation(operation); }),
      queue_([this](std::span<WriteRequest* const> requests) { return WriteAll(requests); }, clock,
             {.grouping = options_.group_commit, .latency_ms = options_.batch_latency_ms}),
      history_({.path = options_.statistics_path}), collected_(clock.NowMicros()),
      options_now_(std::make_shared<StoreBankOptions>(options_)) {
  log_.set_logged(options_.logged);
  cache_hold_.GrowAnyway(pages_.cache().capacity_bytes());
}

void StoreBank::StartSchedule() {
  // What fails is told, and tried again the next time.
  const auto add = [this](std::int64_t interval_ms, std::function<Status()> run) {
    return schedule_.Add(interval_ms, [this, run = std::move(run)] {
      if (const Status done = run(); !done) Note(done.error().ToString());
    });
  };
  jobs_.statistics = add(options_.statistics_ms, [this] {
    Status collected = Collect();
    TellAlerts();
    return collected;
  });
  const bool writes = !store_.read_only();
  const auto checkpoint = [this] { return options_.checkpoint ? options_.checkpoint() : Status(); };
  jobs_.checkpoint = add(writes ? options_.checkpoint_ms : 0, checkpoint);
  jobs_.optimise = add(writes && options_.optimise ? options_.optimise_ms : 0, [this] { return Optimise(); });
  jobs_.vacuum = add(writes ? options_.vacuum_ms : 0, [this]() -> Status {
    LEVEE_RETURN_IF_ERROR(Maintain({.merge = false, .purge = false, .compact_file = true}));
    return {};
  });
}

Status StoreBank::Optimise() {
  if (store_.read_only() || options_.tuning == nullptr || !options_.checkpoint) return {};
  options_.tuning->AskToOptimise();
  return options_.checkpoint();
}

void StoreBank::TellOperation(const SlowOperation& operation) const {
  std::array<char, 32> millis{};
  std::snprintf(millis.data(), millis.size(), " %.3f ms, ", operation.duration_us / 1000);
  std::string note = operation.operation + millis.data() + std::to_string(operation.rows_examined) + " rows examined: " + operation.text;
  for (char& c : note) c = c == '\n' ? ' ' : c;
  Note(note);
}

void StoreBank::Note(const std::string& note) const {
  if (options_.on_note) options_.on_note("memory: " + note);
}

StoreBank::~StoreBank() {
  warmer_ = {};
  {
    const std::lock_guard lock(merge_mutex_);
    ending_ = true;
    merge_wanted_.notify_one();
  }
  if (merger_.joinable()) merger_.join();
  schedule_.Stop();
  // A process that did not live for an interval is counted too.
  if (Now()->statistics_ms > 0) [[maybe_unused]] const Status kept = Collect();
}

}  // namespace levee::memory
