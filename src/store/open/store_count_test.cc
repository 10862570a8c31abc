// Counts of so many entries that threads share them.
#include <algorithm>
#include <random>

#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

TEST(StoreCountTest, SegmentsSideBySideCountAsOneByOne) {
  const TemporaryFolder folder;
  const auto store = Value(OpenStore(folder.File("store.db"), {.key_indexes = false}));
  const std::int64_t table = Value(store->CreateTable("file:///t", "", std::nullopt)).id;
  std::mt19937_64 random(5);
  std::vector<File> all;
  auto session = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0}));
  for (int segment = 0; segment < 3; ++segment) {
    std::vector<File> files(64 * 1024);
    for (File& file : files) {
      file.path = std::to_string(random());
      file.low = static_cast<std::int64_t>(random() % 1'000'000);
      file.high = *file.low + static_cast<std::int64_t>(random() % 1'000);
    }
    Ok(session->AddEntries(AddsOf(files, true), false));
    all.insert(all.end(), files.begin(), files.end());
  }
  Ok(session->Publish({CommitRecord{.num_files = static_cast<std::int64_t>(all.size())}}, {}));
  for (const std::int64_t point : {500'000, 999'500, 1'002'000}) {
    const auto predicate = Compare(expr::CompareOp::kGreaterEqual, point);
    ScanRequest request = Alive(table, 0);
    request.predicate = &predicate;
    ScanCounters counters;
    request.counters = &counters;
    const auto expected = std::ranges::count_if(all, [&](const File& file) { return *file.high >= point; });
    EXPECT_EQ(Value(store->Count(request)), expected) << point;
    EXPECT_EQ(counters.segments, 3);
    EXPECT_EQ(counters.blocks, 192);
    if (point == 999'500) continue;  // some blocks reach so far, some do not
    const bool all_beyond = point > 1'001'000;
    EXPECT_EQ(counters.blocks_skipped, all_beyond ? 192 : 0);
    EXPECT_EQ(counters.segments_skipped, all_beyond ? 3 : 0);
    EXPECT_EQ(counters.entries_evaluated, all_beyond ? 0 : static_cast<std::int64_t>(all.size()));
  }
}

}  // namespace
}  // namespace levee::store::testing
