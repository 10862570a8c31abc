#include "memory/load/stress.h"

#include <deque>
#include <thread>
#include <utility>

#include "base/cancellation.h"
#include "memory/load/stress_worker.h"

namespace levee::memory {
namespace {

// In batches, so that they are there soon.
Status StoreFirst(MemoryBank& bank, const StressOptions& options, KnownVersions& known) {
  constexpr std::int64_t kBatch = 1'000;
  for (std::int64_t first = 0; first < options.items; first += kBatch) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    std::vector<ItemWrite> batch;
    batch.reserve(kBatch);
    for (std::int64_t number = first; number < std::min(options.items, first + kBatch); ++number) {
      batch.push_back({.item = MakeItem(options.kind, number, 0), .expected_version = 0});
    }
    LEVEE_ASSIGN(const auto written, bank.Store(std::move(batch), {}));
    for (std::size_t i = 0; i < written.size(); ++i) known.Told(first + static_cast<std::int64_t>(i), written[i].version);
  }
  return {};
}

void Sum(StressRow& row, const StressTally& tally) {
  row.times.Merge(tally.times);
  row.wrong += tally.wrong;
}

void Rate(StressRow& row, double seconds) {
  const auto calls = static_cast<double>(row.times.durations.count);
  row.per_s = seconds > 0 ? calls / seconds : 0;
  row.success = calls > 0 ? 1 - static_cast<double>(row.times.errors + row.wrong) / calls : 1;
}

}  // namespace

Result<StressReport> RunStress(MemoryBank& bank, Clock& clock, const StressOptions& options) {
  KnownVersions known(options.items);
  LEVEE_RETURN_IF_ERROR(StoreFirst(bank, options, known));
  std::deque<StressWorker> workers;
  for (std::int64_t i = 0; i < options.concurrency; ++i) workers.emplace_back(bank, clock, options, known, i);
  const Cancellation cancellation = CurrentCancellation();
  const std::int64_t begin_ns = clock.MonotonicNanos(), end_ns = begin_ns + options.duration_ms * 1'000'000;
  {
    std::vector<std::jthread> threads;
    threads.reserve(workers.size());
    for (StressWorker& worker : workers) {
      threads.emplace_back([&worker, &cancellation, end_ns] {
        const CancellationScope scope(cancellation);
        worker.RunUntil(end_ns);
      });
    }
  }
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  StressReport report;
  report.seconds = static_cast<double>(clock.MonotonicNanos() - begin_ns) / 1e9;
  for (std::size_t kind = 0; kind < kStressNames.size(); ++kind) {
    StressRow row{.operation = kStressNames[kind]};
    for (const StressWorker& worker : workers) {
      Sum(row, worker.tally(kind));
      Sum(report.all, worker.tally(kind));
    }
    Rate(row, report.seconds);
    if (options.weights[kind] > 0 || row.times.durations.count > 0) report.rows.push_back(std::move(row));
  }
  Rate(report.all, report.seconds);
  for (const StressWorker& worker : workers) {
    if (report.first_wrong.empty()) report.first_wrong = worker.first_wrong();
  }
  return report;
}

}  // namespace levee::memory
