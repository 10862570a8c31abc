// Readers, a writer and compaction at once, over two connections to one file.
#include <atomic>
#include <latch>
#include <mutex>
#include <thread>

#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

File Numbered(std::int64_t i) {
  File file;
  file.path = "f" + std::to_string(i);
  file.size = i;
  file.low = i;
  file.high = i;
  return file;
}

// A count that no zone map decides, in a store just opened; what each thread decoded, added up.
struct Decoded {
  std::int64_t blocks = 0;
  std::set<std::int64_t> counts;
};
Decoded CountAtOnce(Store& store, std::int64_t table, int threads) {
  std::latch ready(threads);
  std::mutex mutex;
  Decoded decoded;
  std::vector<std::jthread> asking;
  for (int t = 0; t < threads; ++t) {
    asking.emplace_back([&] {
      ScanCounters counters;
      const expr::SkippingNode some = Between(1'000, 30'000);
      ScanRequest request = Alive(table, 0);
      request.predicate = &some;
      request.counters = &counters;
      ready.arrive_and_wait();
      const std::int64_t count = Value(store.Count(request));
      const std::lock_guard lock(mutex);
      decoded.blocks += counters.column_blocks_decoded;
      decoded.counts.insert(count);
    });
  }
  asking.clear();
  return decoded;
}

TEST(StoreThreads, BlocksThatSeveralWantAtOnceAreDecodedOnce) {
  constexpr std::int64_t kFiles = 60'000;
  TemporaryFolder folder;
  std::vector<File> files;
  std::int64_t expected = 0;
  for (std::int64_t i = 0; i < kFiles; ++i) {
    files.push_back(Numbered(i));
    files.back().low = files.back().high = i * 7'919 % kFiles;
    expected += *files.back().low >= 1'000 && *files.back().low <= 30'000 ? 1 : 0;
    // In the order of this column, so that the other's bounds are the same in every block.
    files.back().part = std::to_string(i / 1'000);
  }
  std::int64_t table = 0;
  {
    const auto store = OpenFile(folder.File("t.db"));
    table = Value(store->CreateTable("file:///t", "", std::nullopt)).id;
    auto session = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0, .main = true}));
    Ok(session->AddEntries(AddsOf(files, true), false));
    Ok(session->Publish({CommitRecord()}, {}));
  }
  // Read as they are stored, blocks would be decoded by nobody.
  const auto open = [&](bool single_flight) {
    return Value(OpenStore(folder.File("t.db"),
                           {.encoded_evaluation = false, .caches = {.single_flight = single_flight}}));
  };
  const Decoded alone = CountAtOnce(*open(true), table, 1);
  EXPECT_EQ(alone.counts, std::set<std::int64_t>{expected});
  EXPECT_GT(alone.blocks, 50);
  for (int round = 0; round < 4; ++round) {
    const Decoded together = CountAtOnce(*open(true), table, 4);
    EXPECT_EQ(together.counts, std::set<std::int64_t>{expected});
    EXPECT_EQ(together.blocks, alone.blocks);
    const Decoded each = CountAtOnce(*open(false), table, 4);
    EXPECT_EQ(each.counts, std::set<std::int64_t>{expected});
    EXPECT_GE(each.blocks, alone.blocks);
  }
}

TEST(StoreThreads, EachReaderSeesAWholeVersion) {
  constexpr std::int64_t kFirst = 600, kVersions = 150;
  TemporaryFolder folder;
  const auto store = OpenFile(folder.File("t.db"));
  const auto other = OpenFile(folder.File("t.db"));
  const std::int64_t table = Value(store->CreateTable("file:///t", "", std::nullopt)).id;
  std::vector<File> files;
  for (std::int64_t i = 0; i < kFirst; ++i) files.push_back(Numbered(i));
  auto session = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0, .main = true}));
  Ok(session->AddEntries(AddsOf(files, true), false));
  Ok(session->Publish({CommitRecord()}, {}));

  // Version v holds exactly the files v .. v + kFirst - 1.
  std::atomic<bool> done{false};
  std::vector<std::jthread> threads;
  for (int reader = 0; reader < 3; ++reader) {
    threads.emplace_back([&, reader] {
      Store& from = reader == 0 ? *store : *other;
      std::uint64_t turn = static_cast<std::uint64_t>(reader);
      while (!done) {
        const std::int64_t head = Value(from.ReadHead(table))->version;
        const std::int64_t version = ++turn % 2 == 0 ? head : static_cast<std::int64_t>(turn * 7 % (head + 1));
        ScanRequest request = Alive(table, version);
        const auto found = ScanFiles(from, request);
        ASSERT_EQ(found.size(), static_cast<std::size_t>(kFirst)) << "version " << version << " of " << head;
        for (const auto& [key, file] : found) {
          ASSERT_GE(file.size, version);
          ASSERT_LT(file.size, version + kFirst);
        }
        const expr::SkippingNode one = Between(version + 5, version + 6);
        request.predicate = &one;
        ASSERT_EQ(Value(from.Count(request)), 2);
      }
    });
  }
  threads.emplace_back([&] {
    while (!done) Value(other->Compact(table, true));
  });
  for (std::int64_t version = 1; version <= kVersions; ++version) {
    ASSERT_TRUE(Publish(*store, table, {Commit(version, {Numbered(version + kFirst - 1)}, {Numbered(version - 1)})}));
  }
  done = true;
  threads.clear();
  EXPECT_EQ(Value(store->Verify(table)), std::vector<std::string>());
}

}  // namespace
}  // namespace levee::store::testing
