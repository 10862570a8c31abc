// Measures what the steps of a plan take, each on 16 thousand values or rows of its own making.
#include <algorithm>
#include <cstdio>
#include <string>
#include <unordered_set>

#include "base/clock.h"
#include "base/hash.h"
#include "columnar/entry_order.h"
#include "columnar/segment.h"
#include "columnar/skipping_evaluator.h"
#include "query/batch_bounds.h"
#include "query/cost/machine_costs.h"
#include "types/file_key.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;

constexpr std::size_t kRows = 16 * 1024;
constexpr std::size_t kBlockBytes = 64 * 1024;
// The best of some runs: others were disturbed.
constexpr int kRuns = 3;

ColumnKey PathKey() { return columnar::PlainKey(ColumnRole::kPath); }
ColumnKey LowerKey() { return {ColumnRole::kMin, "c", {types::TypeKind::kLong}}; }
ColumnKey UpperKey() { return {ColumnRole::kMax, "c", {types::TypeKind::kLong}}; }

// Numbers without an order that an encoding could use, and paths as writers make them.
Batch MakeRows() {
  Batch batch;
  batch.FindOrAdd(PathKey());
  batch.FindOrAdd(LowerKey());
  batch.FindOrAdd(UpperKey());
  std::uint64_t state = 1;
  for (std::size_t row = 0; row < kRows; ++row) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto value = static_cast<std::int64_t>(state >> 40);
    char path[64];
    std::snprintf(path, sizeof(path), "part-%05zu-%016llx.c000.snappy.parquet", row,
                  static_cast<unsigned long long>(state));
    batch.Find(PathKey())->PushString(path);
    batch.Find(LowerKey())->PushInt(value);
    batch.Find(UpperKey())->PushInt(value + 1'000);
  }
  batch.rows = kRows;
  return batch;
}

// Nanoseconds an item; `work` returns something of its result, so that none of it is left out.
template <typename Work>
double Measure(std::size_t items, const Work& work) {
  std::int64_t best_ns = INT64_MAX;
  [[maybe_unused]] volatile std::uint64_t kept = 0;
  for (int run = 0; run < kRuns; ++run) {
    const std::int64_t start_ns = SystemClock().MonotonicNanos();
    kept = work();
    best_ns = std::min(best_ns, SystemClock().MonotonicNanos() - start_ns);
  }
  return std::max(static_cast<double>(best_ns), 1.0) / static_cast<double>(items);
}

double MeasureDecoding(const Batch& batch, const ColumnKey& key) {
  const ColumnVector& values = *batch.Find(key);
  const auto encoded = columnar::EncodeColumn(key, values, 0, kRows);
  if (!encoded) return 1;
  return Measure(kRows, [&] {
    ColumnVector out;
    out.physical = values.physical;
    for (const columnar::EncodedChunk& chunk : encoded->chunks) {
      auto reader = columnar::ChunkReader::Open(columnar::MemorySource(chunk.bytes));
      if (reader) static_cast<void>(reader->DecodeAll(out));
    }
    return out.rows;
  });
}

double MeasureEvaluation(const Batch& batch) {
  const expr::SkippingNode node{
      .kind = expr::NodeKind::kCompare,
      .op = expr::CompareOp::kGreater,
      .column = {.name = "c", .physical_path = "c", .type = {types::TypeKind::kLong}},
      .literals = {types::Value{{types::TypeKind::kLong}, std::int64_t{1} << 23}}};
  return Measure(kRows, [&] {
    BatchBounds bounds(batch, "UTC");
    const auto kept = columnar::EvaluateSkipping(node, bounds, nullptr);
    return kept ? kept->Count() : 0;
  });
}

double MeasureMatching(const Batch& batch) {
  const ColumnVector& paths = *batch.Find(PathKey());
  std::unordered_set<std::string_view> wanted;
  for (std::size_t row = 0; row < 64; ++row) wanted.insert(paths.strings[row]);
  return Measure(kRows, [&] {
    std::uint64_t found = 0;
    for (std::size_t row = 0; row < kRows; ++row) {
      found += wanted.contains(types::CanonicalPath(paths.strings[row])) ? 1 : 0;
    }
    return found;
  });
}

// Hashes of a segment's keys are searched by guessing the place: a key costs a miss of the cache or two.
double MeasureProbing(const Batch& batch) {
  const ColumnVector& paths = *batch.Find(PathKey());
  std::vector<std::uint64_t> hashes;
  hashes.reserve(kRows);
  for (std::size_t row = 0; row < kRows; ++row) hashes.push_back(types::FileKeyHash(paths.strings[row], {}));
  std::ranges::sort(hashes);
  return Measure(1'024, [&] {
    std::uint64_t found = 0;
    for (std::size_t row = 0; row < 1'024; ++row) {
      const std::uint64_t hash = types::FileKeyHash(paths.strings[row * 16], {});
      found += static_cast<std::uint64_t>(std::ranges::lower_bound(hashes, hash) - hashes.begin());
    }
    return found;
  });
}

// A row of sums holds texts of the log, which are parsed before they are compared.
double MeasureSums() {
  const types::PrimitiveType date{types::TypeKind::kDate};
  return Measure(1'024, [&] {
    std::uint64_t found = 0;
    for (int row = 0; row < 1'024; ++row) {
      const std::string text = "20" + std::to_string(10 + row % 90) + "-01-31";
      found += types::ParsePartitionValue(text, date, "UTC").has_value() ? 1 : 0;
    }
    return found;
  });
}

// Copied out of the system's memory, and its checksum verified.
double MeasureBlockRead() {
  const std::string source(64 * kBlockBytes, 'x');
  return Measure(64, [&] {
    std::uint64_t sum = 0;
    for (std::size_t block = 0; block < 64; ++block) {
      const std::string copy = source.substr(block * kBlockBytes, kBlockBytes);
      sum += Hash64(copy);
    }
    return sum;
  });
}

double MeasureOutput(const Batch& batch) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < kRows; row += 2) rows.push_back(row);
  return Measure(rows.size(), [&] { return columnar::GatherRows(batch, rows).rows; });
}

}  // namespace

MachineCosts MeasureCosts() {
  const Batch batch = MakeRows();
  return {.decode_number = MeasureDecoding(batch, LowerKey()),
          .decode_text = MeasureDecoding(batch, PathKey()),
          .evaluate = MeasureEvaluation(batch),
          .read_block = MeasureBlockRead(),
          .probe_key = MeasureProbing(batch),
          .match_text = MeasureMatching(batch),
          .sum_row = MeasureSums(),
          .output_row = MeasureOutput(batch)};
}

}  // namespace levee::query
