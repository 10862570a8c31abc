#include "metrics/metrics.h"

#include <memory>
#include <mutex>
#include <vector>

namespace levee::metrics {
namespace {

constexpr Definition kDefinitions[] = {
#define LEVEE_METRIC_DEFINITION(id, kind, name, labels, help) {Metric::id, MetricKind::kind, name, labels, help},
    LEVEE_METRICS(LEVEE_METRIC_DEFINITION)
#undef LEVEE_METRIC_DEFINITION
};
constexpr std::size_t kMetrics = std::size(kDefinitions);

std::size_t IndexOf(Metric metric) { return static_cast<std::size_t>(metric); }

// A histogram that one thread writes while others read.
struct HistogramCells {
  std::array<std::atomic<std::int64_t>, Histogram::kBuckets> counts{};
  std::atomic<std::int64_t> sum_ns{0};

  void AddTo(Histogram& sum) const {
    for (std::size_t i = 0; i < Histogram::kBuckets; ++i) {
      const std::int64_t count = counts[i].load(std::memory_order_relaxed);
      sum.counts[i] += count;
      sum.count += count;
    }
    sum.sum_ns += sum_ns.load(std::memory_order_relaxed);
  }
};

// What one thread has counted.
struct ThreadCells {
  std::array<std::atomic<std::int64_t>, kMetrics> counters{};
  std::array<std::atomic<HistogramCells*>, kMetrics> histograms{};  // null: nothing recorded yet

  ThreadCells() = default;
  ThreadCells(const ThreadCells&) = delete;
  ThreadCells& operator=(const ThreadCells&) = delete;
  ~ThreadCells() {
    for (auto& cells : histograms) delete cells.load(std::memory_order_relaxed);
  }
};

// The cells of all threads, and what ended threads left.
class Registry {
 public:
  ThreadCells* Join() {
    auto cells = std::make_unique<ThreadCells>();
    const std::lock_guard lock(mutex_);
    threads_.push_back(std::move(cells));
    return threads_.back().get();
  }

  void Leave(ThreadCells* cells) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < kMetrics; ++i) {
      retired_counters_[i] += cells->counters[i].load(std::memory_order_relaxed);
      const HistogramCells* histogram = cells->histograms[i].load(std::memory_order_acquire);
      if (histogram == nullptr) continue;
      if (retired_histograms_[i] == nullptr) retired_histograms_[i] = std::make_unique<Histogram>();
      histogram->AddTo(*retired_histograms_[i]);
    }
    std::erase_if(threads_, [cells](const auto& thread) { return thread.get() == cells; });
  }

  std::int64_t Counter(std::size_t index) {
    const std::lock_guard lock(mutex_);
    std::int64_t sum = retired_counters_[index];
    for (const auto& thread : threads_) sum += thread->counters[index].load(std::memory_order_relaxed);
    return sum;
  }

  Histogram HistogramOf(std::size_t index) {
    const std::lock_guard lock(mutex_);
    Histogram sum;
    if (retired_histograms_[index] != nullptr) sum = *retired_histograms_[index];
    for (const auto& thread : threads_) {
      const HistogramCells* cells = thread->histograms[index].load(std::memory_order_acquire);
      if (cells != nullptr) cells->AddTo(sum);
    }
    return sum;
  }

 private:
  std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<std::unique_ptr<ThreadCells>> threads_;
  std::array<std::int64_t, kMetrics> retired_counters_{};
  std::array<std::unique_ptr<Histogram>, kMetrics> retired_histograms_;
};

// Never destroyed: threads may count until the process is gone.
Registry& AllThreads() {
  static auto* const registry = new Registry();
  return *registry;
}

// Gives a thread's cells back when it ends.
struct Membership {
  ThreadCells* cells = nullptr;

  Membership() = default;
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;
  ~Membership();
};

constinit thread_local ThreadCells* own_cells = nullptr;
constinit thread_local bool has_left = false;

Membership::~Membership() {
  own_cells = nullptr;
  has_left = true;
  if (cells != nullptr) AllThreads().Leave(cells);
}

// What destructors of thread-locals count after the thread has left goes here, and is lost.
ThreadCells& LateCells() {
  static auto* const late = new ThreadCells();
  return *late;
}

[[gnu::noinline]] ThreadCells& JoinThread() {
  if (has_left) return LateCells();
  thread_local Membership membership;
  membership.cells = AllThreads().Join();
  own_cells = membership.cells;
  return *own_cells;
}

ThreadCells& OwnCells() { return own_cells != nullptr ? *own_cells : JoinThread(); }

constinit std::array<std::atomic<std::int64_t>, kMetrics> gauges{};

}  // namespace

namespace internal {
constinit std::atomic<std::uint8_t> state{kCounting};

void SetState(std::uint8_t bit, bool on) {
  if (on) {
    state.fetch_or(bit, std::memory_order_relaxed);
  } else {
    state.fetch_and(static_cast<std::uint8_t>(~bit), std::memory_order_relaxed);
  }
}

std::atomic<std::int64_t>& CounterCell(Metric metric) { return OwnCells().counters[IndexOf(metric)]; }
}  // namespace internal

std::span<const Definition> Definitions() { return kDefinitions; }

void SetEnabled(bool enabled) { internal::SetState(internal::kCounting, enabled); }

void AddToGauge(Metric metric, std::int64_t amount) {
  gauges[IndexOf(metric)].fetch_add(amount, std::memory_order_relaxed);
}

void Record(Metric metric, std::int64_t duration_ns) {
  if (!Enabled()) return;
  std::atomic<HistogramCells*>& place = OwnCells().histograms[IndexOf(metric)];
  HistogramCells* cells = place.load(std::memory_order_relaxed);
  if (cells == nullptr) {
    cells = new HistogramCells();
    place.store(cells, std::memory_order_release);
  }
  const auto add = [](std::atomic<std::int64_t>& cell, std::int64_t amount) {
    cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  };
  add(cells->counts[Histogram::BucketOf(duration_ns)], 1);
  add(cells->sum_ns, duration_ns < 0 ? 0 : duration_ns);
}

std::int64_t ReadCounter(Metric metric) { return AllThreads().Counter(IndexOf(metric)); }
std::int64_t ReadGauge(Metric metric) { return gauges[IndexOf(metric)].load(std::memory_order_relaxed); }
Histogram ReadHistogram(Metric metric) { return AllThreads().HistogramOf(IndexOf(metric)); }

}  // namespace levee::metrics
