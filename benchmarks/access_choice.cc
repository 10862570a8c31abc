// Which way through stored segments a predicate should take: access_choice STORE URI COLUMN TIMES
//
// Scans the table at URI for ranges of COLUMN (whole numbers, with a sorted index) that keep ever more files, by zone maps,
// by the index wherever there is one, and by what the store chooses. Prints a JSON object a line: the part of the
// column's range that is asked for, files found, median nanoseconds of each way, caches warm; and how much longer
// the store's choice took than the better of the two.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"

namespace {

using levee::columnar::ColumnRole;
using levee::store::Access;

constexpr std::array kWays{Access::kZones, Access::kIndex, Access::kAuto};
constexpr std::array kParts{0.0, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0};

template <typename T>
T Take(levee::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "access_choice: %s\n", result.error().ToString().c_str());
  std::exit(1);
}

levee::expr::SkippingNode Between(const levee::columnar::ColumnKey& key, std::int64_t low, std::int64_t high) {
  const levee::expr::ColumnRef column{.name = key.path, .physical_path = key.path, .type = key.type};
  const auto bound = [&](levee::expr::CompareOp op, std::int64_t value) {
    return levee::expr::SkippingNode{.kind = levee::expr::NodeKind::kCompare,
                                     .op = op,
                                     .column = column,
                                     .literals = {levee::types::Value{key.type, value}}};
  };
  levee::expr::SkippingNode both{.kind = levee::expr::NodeKind::kAnd};
  both.children = {bound(levee::expr::CompareOp::kGreaterEqual, low), bound(levee::expr::CompareOp::kLessEqual, high)};
  return both;
}

struct Run {
  std::int64_t files = 0;
  std::int64_t ns = 0;
};

Run ScanOnce(levee::store::Store& store, const levee::store::ScanRequest& request) {
  const std::int64_t start_ns = levee::SystemClock().MonotonicNanos();
  const auto stream = Take(store.Scan(request));
  Run run;
  while (const auto batch = Take(stream->Next())) run.files += static_cast<std::int64_t>(batch->rows);
  run.ns = levee::SystemClock().MonotonicNanos() - start_ns;
  return run;
}

}  // namespace

int main(int argc, char** argv) {
  const int times = argc == 5 ? std::atoi(argv[4]) : 0;
  if (times < 1) {
    std::fprintf(stderr, "usage: access_choice STORE URI COLUMN TIMES\n");
    return 64;
  }
  levee::engine::EngineOptions options;
  options.store_uri = argv[1];
  const auto engine = Take(levee::engine::Engine::Open(options));
  levee::store::Store& store = engine->store();
  const auto table = Take(store.FindTableByUri(argv[2]));
  if (!table) return 1;
  const auto head = Take(store.ReadHead(table->id));
  const levee::columnar::ColumnKey key{ColumnRole::kMin, argv[3], {levee::types::TypeKind::kLong}};
  const auto bounds = Take(store.SummariseColumns(table->id, head->version, {key}));
  const auto lower = std::get<std::int64_t>(bounds.front().lower.physical);
  const auto upper = std::get<std::int64_t>(bounds.front().upper.physical);
  for (const double part : kParts) {
    const auto width = static_cast<std::int64_t>(static_cast<double>(upper - lower) * part);
    // Not from the end: a file covers some of the range itself.
    const std::int64_t low = lower + (upper - lower - width) / 2;
    const auto predicate = Between(key, low, low + width);
    levee::store::ScanRequest request{.table_id = table->id,
                                      .filter = {.version = head->version},
                                      .predicate = &predicate,
                                      .columns = {levee::columnar::PlainKey(ColumnRole::kPath)}};
    std::array<std::vector<std::int64_t>, kWays.size()> ns;
    std::int64_t files = -1;
    for (int i = 0; i < times; ++i) {
      for (std::size_t way = 0; way < kWays.size(); ++way) {
        request.access = kWays[way];
        const Run run = ScanOnce(store, request);
        ns[way].push_back(run.ns);
        if (files >= 0 && run.files != files) return 1;  // no way may change the answer
        files = run.files;
      }
    }
    for (auto& taken : ns) std::ranges::nth_element(taken, taken.begin() + times / 2);
    const auto median = [&](std::size_t way) { return static_cast<double>(ns[way][static_cast<std::size_t>(times) / 2]); };
    std::printf("{\"part\":%g,\"files\":%lld,\"zones_ns\":%.0f,\"index_ns\":%.0f,\"auto_ns\":%.0f,\"over_best\":%.2f}\n", part,
                static_cast<long long>(files), median(0), median(1), median(2),
                median(2) / std::min(median(0), median(1)));
  }
  return 0;
}
