#include "memory/store_bank/shared_view.h"

#include "memory/model/errors.h"

namespace levee::memory {

Result<SharedView::Reading> SharedView::Read() {
  const auto mark = store_.ChangeMark();
  const bool known = mark && has_mark_.load(std::memory_order_acquire) && *mark == mark_.load(std::memory_order_acquire);
  if (!known || clock_.NowMicros() >= next_expiry_.load(std::memory_order_acquire)) {
    if (Status refreshed = Refresh(); !refreshed) return WithCode(std::move(refreshed).error(), "STORAGE_ERROR");
  }
  return Reading(view_, std::shared_lock(mutex_));
}

Status SharedView::Refresh() {
  const std::lock_guard one(refreshing_);
  while (true) {
    // Before asking: what is committed meanwhile has another mark.
    const auto mark = store_.ChangeMark();
    const store::BankState known = ReadAsIs()->state();
    LEVEE_ASSIGN(store::BankNews news, store_.ReadNews(known));
    bool applied = false;
    LEVEE_RETURN_IF_ERROR(Apply(std::move(news), known, applied));
    if (!applied) continue;
    if (mark) {
      mark_.store(*mark, std::memory_order_release);
      has_mark_.store(true, std::memory_order_release);
    }
    return {};
  }
}

Status SharedView::Apply(store::BankNews news, const store::BankState& known, bool& applied) {
  const std::unique_lock lock(mutex_);
  // A writer of this process may have been faster.
  applied = view_.state() == known;
  if (!applied) return {};
  if (news.state != known) LEVEE_RETURN_IF_ERROR(view_.Apply(std::move(news)));
  LEVEE_RETURN_IF_ERROR(view_.Expire(clock_.NowMicros()));
  next_expiry_.store(view_.next_expiry(), std::memory_order_release);
  return {};
}

Status SharedView::CatchUp(store::BankWriter& writer) {
  for (bool applied = false; !applied;) {
    const store::BankState known = ReadAsIs()->state();
    LEVEE_ASSIGN(store::BankNews news, writer.ReadNews(known));
    LEVEE_RETURN_IF_ERROR(Apply(std::move(news), known, applied));
  }
  return {};
}

Status SharedView::TakeOwn(const store::BankState& state, store::BankBatch batch) {
  const std::unique_lock lock(mutex_);
  const store::BankState before = view_.state();
  // A reader may have read it from the store already, or more than it.
  if (before.position >= state.position) return {};
  const bool follows = before.generation == state.generation && before.position + 1 == state.position;
  if (!follows) return {};  // the next reader asks the store
  store::BankNews news{.state = state, .layout = std::nullopt, .batches = {}};
  news.batches.push_back(std::move(batch));
  LEVEE_RETURN_IF_ERROR(view_.Apply(std::move(news)));
  next_expiry_.store(view_.next_expiry(), std::memory_order_release);
  return {};
}

void SharedView::SealTail() {
  const std::unique_lock lock(mutex_);
  view_.SealTail();
}

}  // namespace levee::memory
