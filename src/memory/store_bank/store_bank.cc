#include "memory/store_bank/store_bank.h"

#include "memory/model/errors.h"

namespace levee::memory {

Result<std::unique_ptr<StoreBank>> StoreBank::Open(store::BankStore& store, Clock& clock, StoreBankOptions options) {
  auto analyzer = text::Analyzer::Make(options.analyzer);
  if (!analyzer) return WithCode(std::move(analyzer).error(), "VALIDATION_ERROR");
  return std::unique_ptr<StoreBank>(new StoreBank(store, clock, std::move(options), std::move(*analyzer)));
}

StoreBank::StoreBank(store::BankStore& store, Clock& clock, StoreBankOptions options,
                     std::shared_ptr<const text::Analyzer> analyzer)
    : store_(store), clock_(clock), options_(std::move(options)),
      pages_(store, {.name = "memory", .budget = options_.cache_bytes}), view_(store, pages_, clock),
      text_(std::move(analyzer), options_.weights, pages_), log_(clock, options_.slow_us),
      queue_([this](std::span<WriteRequest* const> requests) { WriteAll(requests); }, options_.group_commit) {}

StoreBank::~StoreBank() {
  {
    const std::lock_guard lock(merge_mutex_);
    ending_ = true;
    merge_wanted_.notify_one();
  }
  if (merger_.joinable()) merger_.join();
}

}  // namespace levee::memory
