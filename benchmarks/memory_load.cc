// Whether memory_limit holds under a mixed load: memory_load LOG_FOLDER WORK_FOLDER LIMIT_MB SECONDS THREADS
//
// Links a table's log without its last commits to WORK_FOLDER and imports it under the limit (once: a store that is
// there is used again), then asks from THREADS threads for SECONDS: filtered lists, counts that nothing prunes, lists of
// many columns, summaries, while the commits land one by one and are synced. Prints a JSON object: the operations of each
// kind, their medians in microseconds, failures, and the most anonymous memory that the process had, in MB. LIMIT_MB
// 0: no limit, to compare with.
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/allocator.h"
#include "base/clock.h"
#include "base/memory_budget.h"
#include "engine/engine.h"

namespace {

namespace fs = std::filesystem;
using levee::Result;

constexpr std::size_t kHeldBack = 90;

struct Kind {
  const char* name;
  std::vector<double> micros;
  std::int64_t failures = 0;
};

// Guarded by results_mutex.
Kind kinds[] = {{"filtered_list", {}}, {"count", {}}, {"wide_list", {}}, {"summary", {}}, {"partitions", {}}, {"sync", {}}};
std::mutex results_mutex;

double NowMicros() { return static_cast<double>(levee::SystemClock().MonotonicNanos()) / 1e3; }

void Measure(std::size_t kind, const auto& work) {
  const double start = NowMicros();
  const levee::Status status = work();
  const double took = NowMicros() - start;
  const std::lock_guard lock(results_mutex);
  kinds[kind].micros.push_back(took);
  if (status) return;
  ++kinds[kind].failures;
  std::fprintf(stderr, "memory_load: %s: %s\n", kinds[kind].name, status.error().ToString().c_str());
}

std::int64_t StatusKilobytes(const char* name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name)) return std::atoll(line.c_str() + std::strlen(name));
  }
  return 0;
}

// Links the log without its last commits; returns those.
std::vector<fs::path> LinkLog(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::create_directories(to);
  std::vector<fs::path> files, commits;
  for (const auto& entry : fs::directory_iterator(from)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const std::string name = file.filename();
    if (name.size() == 25 && name.ends_with(".json")) commits.push_back(file);
  }
  commits.erase(commits.begin(), commits.end() - static_cast<std::ptrdiff_t>(std::min(kHeldBack, commits.size())));
  for (const fs::path& file : files) {
    if (std::find(commits.begin(), commits.end(), file) == commits.end()) fs::create_hard_link(file, to / file.filename());
  }
  return commits;
}

levee::Status Drain(levee::catalog::Catalog& catalog, const std::string& table,
                    const levee::catalog::FilesRequest& request) {
  LEVEE_ASSIGN(const auto view, catalog.Open(table, {}));
  LEVEE_ASSIGN(const auto stream, view->Files(request, nullptr));
  while (true) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (batch == nullptr) return {};
  }
}

void Ask(levee::catalog::Catalog& catalog, const std::string& table, std::mt19937_64& random, std::int64_t ids) {
  const std::uint64_t dice = random() % 1000;
  const std::int64_t from = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(ids));
  const std::string range = "id BETWEEN " + std::to_string(from) + " AND " + std::to_string(from + 30'000);
  const auto path = levee::columnar::PlainKey(levee::columnar::ColumnRole::kPath);
  if (dice < 900) {
    Measure(0, [&] { return Drain(catalog, table, {.where = range, .columns = {path}}); });
  } else if (dice < 970) {
    const std::string above = "value > 0.99" + std::to_string(random() % 10);
    Measure(1, [&]() -> levee::Status {
      LEVEE_ASSIGN(const auto view, catalog.Open(table, {}));
      LEVEE_ASSIGN([[maybe_unused]] const auto count, view->Count({.where = above}, nullptr));
      return {};
    });
  } else if (dice < 976) {
    Measure(2, [&]() -> levee::Status {
      LEVEE_ASSIGN(const auto view, catalog.Open(table, {}));
      LEVEE_ASSIGN(auto columns, view->Columns());
      return Drain(catalog, table, {.columns = std::move(columns), .limit = random() % 2 == 0 ? std::optional(500'000) : std::nullopt});
    });
  } else if (dice < 980) {
    Measure(3, [&]() -> levee::Status {
      LEVEE_ASSIGN(const auto view, catalog.Open(table, {}));
      LEVEE_ASSIGN([[maybe_unused]] const auto summary, view->Summary());
      return {};
    });
  } else {
    Measure(4, [&]() -> levee::Status {
      LEVEE_ASSIGN(const auto view, catalog.Open(table, {}));
      LEVEE_ASSIGN(const auto sizes, view->Sizes({}, nullptr));
      while (true) {
        LEVEE_ASSIGN(const auto batch, sizes->Next());
        if (!batch) return {};
      }
    });
  }
}

void Print(std::int64_t limit_mb, double import_s, std::int64_t import_mb, std::int64_t peak_kb) {
  std::printf("{\"limit_mb\": %lld, \"import_s\": %.1f, \"import_anon_mb\": %lld, \"anon_mb\": %lld, \"hwm_mb\": %lld",
              static_cast<long long>(limit_mb), import_s, static_cast<long long>(import_mb),
              static_cast<long long>(peak_kb >> 10), static_cast<long long>(StatusKilobytes("VmHWM:") >> 10));
  for (Kind& kind : kinds) {
    std::sort(kind.micros.begin(), kind.micros.end());
    const double median = kind.micros.empty() ? 0 : kind.micros[kind.micros.size() / 2];
    std::printf(", \"%s\": {\"n\": %zu, \"median_us\": %.0f, \"failures\": %lld}", kind.name, kind.micros.size(), median,
                static_cast<long long>(kind.failures));
  }
  const auto counters = levee::MemoryBudget::Process().counters();
  std::printf(", \"evictions\": %lld, \"overdrafts\": %lld}\n", static_cast<long long>(counters.evictions),
              static_cast<long long>(counters.overdrafts));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: memory_load LOG_FOLDER WORK_FOLDER LIMIT_MB SECONDS THREADS\n");
    return 64;
  }
  const fs::path work = argv[2], log = work / "t" / "_delta_log";
  const std::int64_t limit_mb = std::atoll(argv[3]);
  const double seconds = std::atof(argv[4]);
  levee::KeepFreedMemory(static_cast<std::uint64_t>(limit_mb) << 20);
  const bool there = fs::exists(work / "levee.db");
  const std::vector<fs::path> commits = there ? std::vector<fs::path>() : LinkLog(argv[1], log);
  auto engine = levee::engine::Engine::Open({.store_uri = (work / "levee.db").string(),
                                             .memory_limit_bytes = limit_mb << 20});
  if (!engine) return 1;
  levee::catalog::Catalog& catalog = (*engine)->catalog();
  const std::string table = (work / "t").string();

  std::atomic<bool> over{false};
  std::atomic<std::int64_t> peak_kb{0}, allocated_mb{0}, budget_mb{0}, caches_mb{0};
  std::thread watcher([&] {
    for (; !over; std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
      const std::int64_t now_kb = StatusKilobytes("RssAnon:");
      if (now_kb <= peak_kb) continue;
      peak_kb = now_kb;
      const auto heap = ::mallinfo2();
      allocated_mb = static_cast<std::int64_t>((heap.uordblks + heap.hblkhd) >> 20);
      budget_mb = static_cast<std::int64_t>(levee::MemoryBudget::Process().used_bytes() >> 20);
      const auto caches = (*engine)->store().ReadInfo();
      if (caches) caches_mb = static_cast<std::int64_t>(caches->caches.front().counters.bytes >> 20);
    }
  });
  const double import_start = NowMicros();
  const auto imported = catalog.Sync(table, {}, false);
  const double import_s = (NowMicros() - import_start) / 1e6;
  const std::int64_t import_mb = peak_kb >> 10;
  if (!imported) std::fprintf(stderr, "memory_load: %s\n", imported.error().ToString().c_str());
  const std::int64_t ids = imported ? imported->files * 10'000 : 1;
  peak_kb = 0;

  std::vector<std::thread> threads;
  const double end = NowMicros() + seconds * 1e6;
  for (int t = 0; t < std::atoi(argv[5]); ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(static_cast<std::uint64_t>(t) + 1);
      while (NowMicros() < end) Ask(catalog, table, random, ids);
    });
  }
  const auto pause = std::chrono::duration<double>(seconds / static_cast<double>(kHeldBack));
  for (std::size_t i = 0; NowMicros() < end; ++i) {
    if (i < commits.size()) fs::create_hard_link(commits[i], log / commits[i].filename());
    Measure(5, [&]() -> levee::Status {
      LEVEE_ASSIGN([[maybe_unused]] const auto synced, catalog.Sync(table, {}, false));
      return {};
    });
    std::this_thread::sleep_for(pause);
  }
  for (std::thread& thread : threads) thread.join();
  over = true;
  watcher.join();
  std::fprintf(stderr, "at the peak: %lld MB allocated, %lld MB held of the budget, %lld MB in the block cache\n",
               static_cast<long long>(allocated_mb), static_cast<long long>(budget_mb),
               static_cast<long long>(caches_mb));
  Print(limit_mb, import_s, import_mb, peak_kb);
  return 0;
}
