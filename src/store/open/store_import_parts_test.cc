// Imports write large segments in several transactions, each as long as is aimed at.
#include <gtest/gtest.h>

#include <random>

#include "metrics/metrics.h"
#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

constexpr std::size_t kRows = 60'000;
constexpr int kColumns = 60;

ColumnKey Numbers(int column) {
  return {ColumnRole::kMin, "c" + std::to_string(column), {types::TypeKind::kLong}};
}

// Files with bounds that do not compress: eight bytes a row and column.
Batch WideFiles() {
  std::vector<File> files;
  for (std::size_t i = 0; i < kRows; ++i) files.push_back({.path = "f" + std::to_string(i), .size = 1});
  Batch batch = AddsOf(files, true);
  std::mt19937_64 random(1);
  for (int column = 0; column < kColumns; ++column) {
    ColumnVector& values = batch.FindOrAdd(Numbers(column));
    values = ColumnVector();
    for (std::size_t i = 0; i < kRows; ++i) values.PushInt(static_cast<std::int64_t>(random()));
  }
  return batch;
}

struct Imported {
  std::int64_t transactions = 0;
  std::vector<std::int64_t> last_column;
  std::vector<std::string> damaged;
};

Imported Import(const Batch& batch, std::int64_t batch_latency_ms) {
  TemporaryFolder folder;
  const auto store = OpenFile(folder.File("t.db"));
  const std::int64_t table = Value(store->CreateTable("file:///t", "", std::nullopt)).id;
  const std::int64_t before = metrics::ReadCounter(metrics::Metric::kStoreCommits);
  auto session = Value(store->BeginImport(
      table, {.first_version = 0, .last_version = 0, .main = true, .batch_latency_ms = batch_latency_ms}));
  Ok(session->AddEntries(batch, false));
  Ok(session->Publish({CommitRecord()}, {}));
  Imported imported{.transactions = metrics::ReadCounter(metrics::Metric::kStoreCommits) - before};
  imported.damaged = Value(store->Verify(table));
  ScanRequest request = Alive(table, 0);
  request.columns = {Numbers(kColumns - 1)};
  const auto stream = Value(store->Scan(request));
  while (const auto part = Value(stream->Next())) {
    const ColumnVector& values = part->columns[0].values;
    imported.last_column.insert(imported.last_column.end(), values.ints.begin(), values.ints.end());
  }
  return imported;
}

TEST(StoreImportParts, TransactionsFollowTheLatencyAimedAt) {
  const Batch batch = WideFiles();
  const Imported fixed = Import(batch, 0), slow = Import(batch, 60'000), quick = Import(batch, 1);
  const ColumnVector* const wanted = batch.Find(Numbers(kColumns - 1));
  for (const Imported* imported : {&fixed, &slow, &quick}) {
    EXPECT_TRUE(imported->damaged.empty());
    EXPECT_EQ(imported->last_column, wanted->ints);
  }
  // 28 MB: four of 8 MB, two that grow, or many; beside the first and the last transaction of an import.
  EXPECT_GE(fixed.transactions, 5);
  EXPECT_LT(slow.transactions, fixed.transactions);
  EXPECT_GT(quick.transactions, 2 * fixed.transactions);
}

}  // namespace
}  // namespace levee::store::testing
