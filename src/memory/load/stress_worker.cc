#include "memory/load/stress_worker.h"

#include <chrono>
#include <numeric>
#include <thread>
#include <utility>

#include "base/cancellation.h"

namespace levee::memory {
namespace {

constexpr std::int64_t kNumbersOfOne = 1'000'000'000;  // a worker's own items lie apart from all others

}  // namespace

StressWorker::StressWorker(MemoryBank& bank, Clock& clock, const StressOptions& options, KnownVersions& known,
                           std::int64_t number)
    : bank_(bank), clock_(clock), options_(options), known_(known),
      random_(Scrambled(options.seed + static_cast<std::uint64_t>(number) * 7'919)),
      next_own_((number + 1) * kNumbersOfOne), change_((number + 1) * kNumbersOfOne) {}

void StressWorker::RunUntil(std::int64_t end_ns) {
  while (clock_.MonotonicNanos() < end_ns && CheckCancelled()) {
    Do(Choose());
    if (options_.delay_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(options_.delay_ms));
  }
}

std::uint64_t StressWorker::Random(std::uint64_t below) {
  random_ = Scrambled(random_);
  return random_ % below;
}

StressKind StressWorker::Choose() {
  const std::int64_t sum = std::accumulate(options_.weights.begin(), options_.weights.end(), std::int64_t{0});
  auto at = static_cast<std::int64_t>(Random(static_cast<std::uint64_t>(sum)));
  std::size_t kind = 0;
  while (at >= options_.weights[kind]) at -= options_.weights[kind++];
  return static_cast<StressKind>(kind);
}

void StressWorker::Do(StressKind kind) {
  switch (kind) {
    case StressKind::kGet: return Get();
    case StressKind::kFind: return Find();
    case StressKind::kSearch: return Search();
    case StressKind::kStore: return Store();
    case StressKind::kUpdate: return Update();
    case StressKind::kDelete: return Delete();
  }
}

template <typename Call>
auto StressWorker::Timed(StressKind kind, Call&& call) {
  LoadTimes& times = tallies_[static_cast<std::size_t>(kind)].times;
  const std::int64_t begin_ns = clock_.MonotonicNanos();
  auto answer = call();
  times.Record(clock_.MonotonicNanos() - begin_ns, 1);
  if (!answer) times.Fail(answer.error().ToString());
  return answer;
}

void StressWorker::Wrong(StressKind kind, std::string what) {
  ++tallies_[static_cast<std::size_t>(kind)].wrong;
  if (first_wrong_.empty()) first_wrong_ = std::string(kStressNames[static_cast<std::size_t>(kind)]) + ": " + std::move(what);
}

void StressWorker::CheckItem(StressKind kind, const Item& item, std::int64_t known) {
  if (auto wrong = WhatIsWrong(options_.kind, item)) return Wrong(kind, std::move(*wrong));
  if (item.version >= known) return;
  Wrong(kind, item.id + " came at version " + std::to_string(item.version) + " after version " + std::to_string(known) +
                  " had been acknowledged");
}

void StressWorker::Get() {
  const bool own = !own_.empty() && Random(2) == 0;
  const std::int64_t number = own ? own_[Random(own_.size())] : static_cast<std::int64_t>(Random(static_cast<std::uint64_t>(known_.items())));
  const std::int64_t known = own ? 1 : known_.Of(number);
  const std::string id = MadeId(options_.kind, number);
  const auto item = Timed(StressKind::kGet, [&] { return bank_.Get(id, {}); });
  if (!item) return;
  if (!*item) return Wrong(StressKind::kGet, id + " was stored and is not there");
  CheckItem(StressKind::kGet, **item, known);
}

void StressWorker::Find() {
  const auto number = static_cast<std::int64_t>(Random(static_cast<std::uint64_t>(known_.items())));
  const std::string category = MadeCategory(number);
  const ItemQuery query{.namespaces = {options_.kind.name_space}, .categories = {category}, .limit = 20};
  const auto page = Timed(StressKind::kFind, [&] { return bank_.Find(query); });
  if (!page) return;
  if (page->items.empty()) Wrong(StressKind::kFind, "nothing was found of " + category);
  for (const Found& found : page->items) {
    if (found.item.category != category) Wrong(StressKind::kFind, found.item.id + " is not of " + category);
    CheckItem(StressKind::kFind, found.item, 1);
  }
}

void StressWorker::Search() {
  const auto number = static_cast<std::int64_t>(Random(static_cast<std::uint64_t>(known_.items())));
  const std::int64_t known = known_.Of(number);
  const ItemQuery query{.words = OwnWord(number), .namespaces = {options_.kind.name_space}, .limit = 5, .typos = 0};
  const auto page = Timed(StressKind::kSearch, [&] { return bank_.Find(query); });
  if (!page) return;
  if (page->items.size() != 1 || page->items.front().item.id != MadeId(options_.kind, number)) {
    return Wrong(StressKind::kSearch, query.words + " is in one item, and " + std::to_string(page->items.size()) + " were found");
  }
  CheckItem(StressKind::kSearch, page->items.front().item, known);
}

void StressWorker::Store() {
  const std::int64_t number = next_own_++;
  std::vector<ItemWrite> writes{{.item = MakeItem(options_.kind, number, 0), .expected_version = 0}};
  const auto written = Timed(StressKind::kStore, [&] { return bank_.Store(std::move(writes), {}); });
  if (!written) return;
  if (written->front().outcome != Written::Outcome::kStored) {
    return Wrong(StressKind::kStore, written->front().id + " was new and came out as " + OutcomeName(written->front().outcome));
  }
  own_.push_back(number);
}

void StressWorker::Update() {
  const auto number = static_cast<std::int64_t>(Random(static_cast<std::uint64_t>(known_.items())));
  const std::int64_t known = known_.Of(number);
  std::vector<ItemChange> changes(1);
  changes.front().id = MadeId(options_.kind, number);
  changes.front().content = MakeItem(options_.kind, number, change_++).content;
  const auto written = Timed(StressKind::kUpdate, [&] { return bank_.Update(std::move(changes), {}); });
  if (!written) return;
  const Written& one = written->front();
  if (one.outcome != Written::Outcome::kUpdated || one.version <= known) {
    return Wrong(StressKind::kUpdate, one.id + " came out as " + OutcomeName(one.outcome) + " at version " +
                                          std::to_string(one.version) + " after version " + std::to_string(known));
  }
  known_.Told(number, one.version);
}

void StressWorker::Delete() {
  if (own_.empty()) return Store();  // there has to be one first
  std::swap(own_[Random(own_.size())], own_.back());
  const std::string id = MadeId(options_.kind, own_.back());
  const auto written = Timed(StressKind::kDelete, [&] { return bank_.Delete({{.id = id, .expected_version = {}}}, {}); });
  if (!written) return;
  own_.pop_back();
  if (written->front().outcome != Written::Outcome::kDeleted) {
    return Wrong(StressKind::kDelete, id + " was there and came out as " + OutcomeName(written->front().outcome));
  }
  CheckGone(id);
}

void StressWorker::CheckGone(const std::string& id) {
  const auto item = bank_.Get(id, {});
  if (item && *item) Wrong(StressKind::kDelete, id + " was deleted and is there");
}

}  // namespace levee::memory
