#include "memory/store_bank/store_bank.h"

#include <algorithm>

#include "memory/model/errors.h"

namespace levee::memory {
namespace {

// Under a small limit the rest is for columns, keys, what was written last, and answers.
std::size_t CacheBytes(const StoreBankOptions& options) {
  constexpr std::uint64_t kShare = 4;
  return std::min<std::uint64_t>(options.cache_bytes, MemoryBudget::Process().limit_bytes() / kShare);
}

}  // namespace

Result<std::unique_ptr<StoreBank>> StoreBank::Open(store::BankStore& store, Clock& clock, StoreBankOptions options) {
  auto analyzer = text::Analyzer::Make(options.analyzer);
  if (!analyzer) return WithCode(std::move(analyzer).error(), "VALIDATION_ERROR");
  std::unique_ptr<StoreBank> bank(new StoreBank(store, clock, std::move(options), std::move(*analyzer)));
  if (bank->options_.warm.items > 0 && bank->records_.is_on()) {
    bank->warmer_ = std::jthread([raw = bank.get()](const std::stop_token& stop) { raw->Warm(stop); });
  }
  return bank;
}

StoreBank::StoreBank(store::BankStore& store, Clock& clock, StoreBankOptions options,
                     std::shared_ptr<const text::Analyzer> analyzer)
    : store_(store), clock_(clock), options_(std::move(options)),
      records_(options_.records, MemoryBudget::Process(), clock),
      pages_(store, records_, {.name = "memory", .budget = CacheBytes(options_)}),
      view_(store, pages_, clock, options_.run_limits),
      text_(std::move(analyzer), options_.weights, pages_), log_(clock, options_.slow_us),
      queue_([this](std::span<WriteRequest* const> requests) { WriteAll(requests); }, clock,
             {.grouping = options_.group_commit, .latency_ms = options_.batch_latency_ms}) {
  cache_hold_.GrowAnyway(CacheBytes(options_));
}

StoreBank::~StoreBank() {
  warmer_ = {};
  {
    const std::lock_guard lock(merge_mutex_);
    ending_ = true;
    merge_wanted_.notify_one();
  }
  if (merger_.joinable()) merger_.join();
}

}  // namespace levee::memory
