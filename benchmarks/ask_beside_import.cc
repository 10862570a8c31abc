// How long short questions take while an import runs beside them:
// ask_beside_import ASKED_TABLE IMPORTED_TABLE WORK_FOLDER on|off
//
// Imports ASKED_TABLE into a new store in WORK_FOLDER, then IMPORTED_TABLE in a thread of its own, and meanwhile asks for a
// random narrow range of ASKED_TABLE's `id` every 2 ms, counted from when each was due. Prints the seconds that the
// import took and the percentiles in microseconds. on, off: the setting yield_to_questions.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/thread_rank.h"
#include "engine/engine.h"

namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kEveryNs = 2'000'000;

std::int64_t NowNs() { return levee::SystemClock().MonotonicNanos(); }

levee::Status Ask(levee::catalog::Catalog& catalog, const std::string& table, std::int64_t from) {
  LEVEE_ASSIGN(const auto view, catalog.Open(table, {}));
  const std::string where = "id BETWEEN " + std::to_string(from) + " AND " + std::to_string(from + 30'000);
  LEVEE_ASSIGN(const auto stream,
               view->Files({.where = where,
                            .columns = {levee::columnar::PlainKey(levee::columnar::ColumnRole::kPath)},
                            .use_results = false}, nullptr));
  while (true) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (batch == nullptr) return {};
  }
}

int Fail(const levee::Error& error) {
  std::fprintf(stderr, "ask_beside_import: %s\n", error.ToString().c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: ask_beside_import ASKED_TABLE IMPORTED_TABLE WORK_FOLDER on|off\n");
    return 64;
  }
  const std::string asked = argv[1], imported = argv[2];
  const fs::path work = argv[3];
  fs::remove_all(work);
  fs::create_directories(work);
  auto engine = levee::engine::Engine::Open({.store_uri = (work / "levee.db").string()});
  if (!engine) return Fail(engine.error());
  levee::SetYielding(std::string_view(argv[4]) == "on");
  levee::catalog::Catalog& catalog = (*engine)->catalog();
  const auto first = catalog.Sync(asked, {}, false);
  if (!first) return Fail(first.error());
  const auto ids = static_cast<std::uint64_t>(first->files) * 10'000;

  std::atomic<bool> over{false};
  double import_s = 0;
  std::jthread importing([&] {
    const std::int64_t start_ns = NowNs();
    const auto report = catalog.Sync(imported, {}, false);
    import_s = static_cast<double>(NowNs() - start_ns) / 1e9;
    if (!report) Fail(report.error());
    over = true;
  });
  std::mt19937_64 random(7);
  std::vector<double> micros;
  for (std::int64_t due_ns = NowNs(); !over; due_ns += kEveryNs) {
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::max<std::int64_t>(0, due_ns - NowNs())));
    if (const auto answered = Ask(catalog, asked, static_cast<std::int64_t>(random() % ids)); !answered) {
      return Fail(answered.error());
    }
    micros.push_back(static_cast<double>(NowNs() - due_ns) / 1e3);
  }
  importing.join();
  std::sort(micros.begin(), micros.end());
  const auto at = [&](double share) {
    return micros[std::min(micros.size() - 1, static_cast<std::size_t>(share * static_cast<double>(micros.size())))];
  };
  std::printf("{\"import_s\": %.2f, \"questions\": %zu, \"p50_us\": %.0f, \"p90_us\": %.0f, \"p99_us\": %.0f, \"max_us\": %.0f}\n",
              import_s, micros.size(), at(0.5), at(0.9), at(0.99), micros.back());
  return 0;
}
