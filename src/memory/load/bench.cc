#include "memory/load/bench.h"

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include "base/cancellation.h"

namespace levee::memory {
namespace {

// One kind of operation at a time: a method each, in the order in which they run.
class Bench {
 public:
  Bench(MemoryBank& bank, Clock& clock, const BenchOptions& options) : bank_(bank), clock_(clock), options_(options) {}

  Result<BenchRow> Batches() {
    BenchRow row{.operation = "batch", .what = std::to_string(options_.batch) + " items a call"};
    while (next_ < options_.items) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      const std::int64_t count = std::min(options_.batch, options_.items - next_);
      StoreNext(row, next_, count);
      next_ += count;
    }
    return Summed(std::move(row));
  }

  Result<BenchRow> Singles() {
    BenchRow row{.operation = "store", .what = "one item a call, one after the other"};
    for (std::int64_t i = 0; i < options_.writes; ++i) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      StoreNext(row, next_++, 1);
    }
    return Summed(std::move(row));
  }

  Result<BenchRow> Writers() {
    BenchRow row{.operation = "writers", .what = std::to_string(options_.writers) + " threads, one item a call"};
    const std::int64_t each = std::max<std::int64_t>(1, options_.writes / options_.writers);
    std::vector<BenchRow> rows(static_cast<std::size_t>(options_.writers));
    const Cancellation cancellation = CurrentCancellation();
    const std::int64_t begin_ns = clock_.MonotonicNanos();
    {
      std::vector<std::jthread> threads;
      threads.reserve(rows.size());
      for (std::size_t thread = 0; thread < rows.size(); ++thread) {
        threads.emplace_back([&, thread] {
          const CancellationScope scope(cancellation);
          const std::int64_t first = next_ + static_cast<std::int64_t>(thread) * each;
          for (std::int64_t i = 0; i < each && CheckCancelled(); ++i) StoreNext(rows[thread], first + i, 1);
        });
      }
    }
    row.seconds = static_cast<double>(clock_.MonotonicNanos() - begin_ns) / 1e9;
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    next_ += each * options_.writers;
    for (const BenchRow& one : rows) {
      row.times.Merge(one.times);
      row.done += one.done;
    }
    return row;
  }

  Result<BenchRow> Gets() {
    BenchRow row{.operation = "retrieve", .what = "by id, at random"};
    for (std::int64_t i = 0; i < options_.reads; ++i) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      const std::int64_t number = NumberAt(i);
      const auto got = Timed(row, [&] { return bank_.Get(MadeId(options_.kind, number), {}); });
      if (!got) {
        row.times.Fail(got.error().ToString());
      } else if (!*got) {
        row.times.Fail(MadeId(options_.kind, number) + " was stored and is not there");
      } else if (const auto wrong = WhatIsWrong(options_.kind, **got)) {
        row.times.Fail(*wrong);
      }
    }
    return Summed(std::move(row));
  }

  // Answers must hold what the question says, and one of which the question is made.
  Result<BenchRow> Finds(BenchRow row, const std::function<ItemQuery(std::int64_t number)>& question) {
    for (std::int64_t i = 0; i < options_.queries; ++i) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      const ItemQuery query = question(NumberAt(i));
      const auto page = Timed(row, [&] { return bank_.Find(query); });
      if (!page) {
        row.times.Fail(page.error().ToString());
      } else if (page->items.empty()) {
        row.times.Fail("nothing was found where something is");
      }
      for (std::size_t at = 0; page && at < page->items.size(); ++at) {
        if (const auto wrong = WhatIsWrong(options_.kind, page->items[at].item)) row.times.Fail(*wrong);
      }
    }
    return Summed(std::move(row));
  }

  ItemQuery Simple(std::int64_t number) const {
    return {.namespaces = {options_.kind.name_space}, .categories = {MadeCategory(number)}, .limit = 20};
  }
  // Half of the time around the item, so that all conditions have something to do.
  ItemQuery Complex(std::int64_t number) const {
    const Item item = MakeItem(options_.kind, number, 0);
    const Item first = MakeItem(options_.kind, std::max<std::int64_t>(0, number - next_ / 4), 0);
    const Item last = MakeItem(options_.kind, number + next_ / 4, 0);
    return {.namespaces = {options_.kind.name_space}, .categories = {item.category}, .tags = {item.tags.front()},
            .metadata = "number >= 0", .since = first.updated, .until = last.updated, .limit = 100};
  }
  ItemQuery Text(std::int64_t number) const {
    const std::string content = MakeItem(options_.kind, number, 0).content;
    // The first two words are the item's own.
    std::size_t from = content.find(' ', content.find(' ') + 1) + 1;
    const std::size_t end = content.find(' ', content.find(' ', from) + 1);
    if (from == 0 || from >= content.size()) from = 0;
    return {.words = content.substr(from, end == std::string::npos ? end : end - from),
            .namespaces = {options_.kind.name_space}, .limit = 10, .any_word = false, .typos = 0};
  }

 private:
  template <typename Call>
  auto Timed(BenchRow& row, Call&& call) -> decltype(call()) {
    const std::int64_t begin_ns = clock_.MonotonicNanos();
    auto result = call();
    row.times.Record(clock_.MonotonicNanos() - begin_ns, 1);
    ++row.done;
    return result;
  }

  void StoreNext(BenchRow& row, std::int64_t first, std::int64_t count) {
    std::vector<ItemWrite> batch;
    batch.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) batch.push_back({.item = MakeItem(options_.kind, first + i, 0), .expected_version = 0});
    const std::int64_t begin_ns = clock_.MonotonicNanos();
    const auto written = bank_.Store(std::move(batch), {});
    row.times.Record(clock_.MonotonicNanos() - begin_ns, count);
    row.done += count;
    if (!written) return row.times.Fail(written.error().ToString());
    for (const Written& one : *written) {
      if (one.outcome != Written::Outcome::kStored) row.times.Fail(one.id + ": " + OutcomeName(one.outcome));
    }
  }

  // Any of those that are there, otherwise for each `i`, but the same ones each time.
  std::int64_t NumberAt(std::int64_t i) const {
    return static_cast<std::int64_t>(Scrambled(static_cast<std::uint64_t>(i) + 17) % static_cast<std::uint64_t>(next_));
  }

  static BenchRow Summed(BenchRow row) {
    row.seconds = static_cast<double>(row.times.durations.sum_ns) / 1e9;
    return row;
  }

  MemoryBank& bank_;
  Clock& clock_;
  const BenchOptions& options_;
  std::int64_t next_ = 0;  // the first number that is not stored yet
};

// REQUIREMENTS C1, in the order of the rows.
constexpr LoadGoal kStoreGoals[] = {{10'000, 0}, {0, 1}, {10'000, 0}, {50'000, 0.5}, {25'000, 10}, {0, 50}, {0, 50}};
constexpr LoadGoal kMarkdownGoals[] = {{1'000, 0}, {0, 1}, {1'000, 0}, {5'000, 0.5}, {1'000, 10}, {0, 50}, {0, 50}};

}  // namespace

Result<std::vector<BenchRow>> RunBench(MemoryBank& bank, Clock& clock, const BenchOptions& options, bool markdown) {
  Bench bench(bank, clock, options);
  std::vector<BenchRow> rows;
  LEVEE_ASSIGN(rows.emplace_back(), bench.Batches());
  LEVEE_ASSIGN(rows.emplace_back(), bench.Singles());
  LEVEE_ASSIGN(rows.emplace_back(), bench.Writers());
  LEVEE_ASSIGN(rows.emplace_back(), bench.Gets());
  LEVEE_ASSIGN(rows.emplace_back(), bench.Finds({.operation = "query", .what = "newest 20 of a category"},
                                                [&](std::int64_t number) { return bench.Simple(number); }));
  LEVEE_ASSIGN(rows.emplace_back(), bench.Finds({.operation = "complex", .what = "category, tag, dates and metadata, newest 100"},
                                                [&](std::int64_t number) { return bench.Complex(number); }));
  LEVEE_ASSIGN(rows.emplace_back(), bench.Finds({.operation = "text", .what = "two words, both, best 10"},
                                                [&](std::int64_t number) { return bench.Text(number); }));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].goal = markdown ? kMarkdownGoals[i] : kStoreGoals[i];
  return rows;
}

}  // namespace levee::memory
