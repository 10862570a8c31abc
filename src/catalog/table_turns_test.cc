#include "catalog/table_turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "base/cancellation.h"
#include "catalog/catalog_test_bed.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

class TableTurnsTest : public CatalogTestBed {};

TEST_F(TableTurnsTest, OneAtATimeForATable) {
  TableTurns turns;
  std::optional<TableTurns::Turn> first = std::move(turns.Take(*store_, "t").value());
  EXPECT_FALSE(first->waited());
  EXPECT_FALSE(turns.Take(*store_, "another")->waited());
  std::atomic<bool> taken{false};
  std::thread other([&] {
    const auto second = turns.Take(*store_, "t");
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->waited());
    taken = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(taken);
  first.reset();
  other.join();
  EXPECT_TRUE(taken);
  EXPECT_FALSE(turns.Take(*store_, "t")->waited());
}

TEST_F(TableTurnsTest, AWaitCanBeCalledOff) {
  TableTurns turns;
  const auto first = turns.Take(*store_, "t");
  std::thread other([&] {
    Cancellation cancellation(SystemClock());
    cancellation.Cancel();
    const CancellationScope scope(cancellation);
    const auto second = turns.Take(*store_, "t");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kCancelled);
  });
  other.join();
}

// Eight threads want the same; each commit is applied once, and nobody fails.
TEST_F(TableTurnsTest, EqualImportsAndSyncsRunOnce) {
  CommitMany(20);
  const auto together = [&] {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        const auto synced = catalog_->Sync(kTable, {}, false);
        EXPECT_TRUE(synced) << synced.error().ToString();
      });
    }
    for (std::thread& thread : threads) thread.join();
  };
  const std::int64_t imported = metrics::ReadCounter(metrics::Metric::kImportFiles);
  together();
  EXPECT_EQ(metrics::ReadCounter(metrics::Metric::kImportFiles) - imported, 20);
  for (std::int64_t version = 20; version < 80; ++version) CommitFile(version);
  together();
  const auto view = catalog_->Open(kTable, {});
  ASSERT_TRUE(view);
  EXPECT_EQ((*view)->state().version, 79);
  EXPECT_EQ((*view)->Count({}, nullptr).value(), 80);
}

}  // namespace
}  // namespace levee::catalog
