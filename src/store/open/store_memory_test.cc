// Work of the store while the budget has little left: in smaller pieces, without what answers can do without, or refused;
// the answers are those of plenty.
#include <filesystem>

#include "base/memory_budget.h"
#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

constexpr std::int64_t kFiles = 100'000;

// Leaves the process's budget so many bytes.
class Left {
 public:
  explicit Left(std::uint64_t bytes) {
    MemoryBudget::Process().SetLimit(MemoryBudget::Process().used_bytes() + bytes);
  }
  ~Left() { MemoryBudget::Process().SetLimit(0); }
  Left(const Left&) = delete;
  Left& operator=(const Left&) = delete;
};

std::vector<File> FilesFrom(std::int64_t first, std::int64_t last) {
  std::vector<File> files;
  for (std::int64_t i = first; i < last; ++i) {
    File file;
    file.path = "part/file-" + std::to_string(i) + ".parquet";
    file.size = i;
    file.low = file.high = i * 7'919 % kFiles;
    files.push_back(std::move(file));
  }
  return files;
}

std::int64_t ImportFiles(Store& store) {
  const std::int64_t table = Value(store.CreateTable("file:///t", "", std::nullopt)).id;
  auto session = Value(store.BeginImport(table, {.first_version = 0, .last_version = 0, .main = true}));
  Ok(session->AddEntries(AddsOf(FilesFrom(0, kFiles / 2), true), false));
  Ok(session->AddEntries(AddsOf(FilesFrom(kFiles / 2, kFiles), true), false));
  Ok(session->Publish({CommitRecord()}, {}));
  return table;
}

TEST(StoreMemory, CompactionTakesSmallerPiecesAndIsThenRefused) {
  TemporaryFolder folder;
  std::int64_t table = 0;
  std::map<std::string, File> expected;
  {
    const auto store = OpenFile(folder.File("whole.db"));
    table = ImportFiles(*store);
    std::vector<File> gone;
    for (const File& file : FilesFrom(0, kFiles)) {
      if (file.size % 3 == 0) gone.push_back(file);
    }
    ASSERT_TRUE(Publish(*store, table, {Commit(1, {}, gone)}));
    expected = ScanFiles(*store, Alive(table, 1));
    EXPECT_EQ(static_cast<std::int64_t>(expected.size()), kFiles - (kFiles + 2) / 3);
    Ok(store->Checkpoint());
  }
  bool refused = false, in_pieces = false;
  for (const std::uint64_t left_bytes : {256, 64, 14, 11, 8, 2}) {
    const std::string path = folder.File(std::to_string(left_bytes) + ".db");
    std::filesystem::copy_file(folder.File("whole.db"), path);
    const auto store = OpenFile(path);
    const std::uint64_t used = MemoryBudget::Process().used_bytes();
    const std::int64_t short_before = MemoryBudget::Process().counters().refusals;
    {
      const Left left(left_bytes << 20);
      const auto compacted = store->Compact(table, true);
      const bool was_short = MemoryBudget::Process().counters().refusals > short_before;
      if (!compacted) {
        EXPECT_EQ(compacted.error().code, ErrorCode::kResourceExhausted) << left_bytes;
        EXPECT_TRUE(was_short);
        refused = true;
      } else {
        EXPECT_FALSE(refused) << "with less, " << left_bytes << " MB, it went";
        in_pieces |= was_short;
      }
    }
    EXPECT_EQ(MemoryBudget::Process().used_bytes(), used);
    EXPECT_TRUE(ScanFiles(*store, Alive(table, 1)) == expected) << left_bytes;
    EXPECT_EQ(Value(store->Verify(table)), std::vector<std::string>());
    // What did not fit is done once there is room; what did is done.
    EXPECT_EQ(Value(store->Compact(table, true)), refused) << left_bytes;
    EXPECT_TRUE(ScanFiles(*store, Alive(table, 1)) == expected) << left_bytes;
  }
  EXPECT_TRUE(in_pieces);
  EXPECT_TRUE(refused);
  EXPECT_GT(MemoryBudget::Process().UseOf(MemoryPart::kSyncs).peak_bytes, 0u);
}

TEST(StoreMemory, SummariesTakeFewerColumnsAtOnceAndAreThenRefused) {
  TemporaryFolder folder;
  const auto store = OpenFile(folder.File("t.db"));
  const std::int64_t table = ImportFiles(*store);
  const std::vector<ColumnKey> columns(30, MinKey());
  const auto bounds = [&] {
    std::vector<std::int64_t> found;
    for (const ColumnSummary& column : Value(store->SummariseColumns(table, 0, columns))) {
      found.push_back(std::get<std::int64_t>(column.lower.physical));
      found.push_back(std::get<std::int64_t>(column.upper.physical));
    }
    return found;
  };
  std::vector<std::int64_t> expected;
  for (std::size_t i = 0; i < columns.size(); ++i) expected.insert(expected.end(), {0, kFiles - 1});
  EXPECT_EQ(bounds(), expected);
  const std::int64_t spills = MemoryBudget::Process().counters().spills;
  {
    const Left left(16'000);
    EXPECT_EQ(bounds(), expected);
  }
  EXPECT_GT(MemoryBudget::Process().counters().spills, spills);
  EXPECT_GT(MemoryBudget::Process().UseOf(MemoryPart::kSummaries).peak_bytes, 0u);
  const Left left(100);
  const auto refused = store->SummariseColumns(table, 0, columns);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
}

TEST(StoreMemory, SegmentsDoWithoutIndexesThatDoNotFit) {
  TemporaryFolder folder;
  const expr::SkippingNode some = Between(500, 503);
  for (const bool little : {false, true}) {
    const auto store = Value(OpenStore(folder.File(little ? "little.db" : "plenty.db"), {.index_everything = true}));
    std::int64_t table = 0;
    {
      const Left left(little ? 1'000 : std::uint64_t{1} << 30);
      table = ImportFiles(*store);
    }
    EXPECT_EQ(Value(store->ColumnIndexes(table)).empty(), little);
    ScanRequest request = Alive(table, 0);
    request.predicate = &some;
    std::set<std::int64_t> found;
    for (const auto& [key, file] : ScanFiles(*store, request)) found.insert(*file.low);
    EXPECT_EQ(found, (std::set<std::int64_t>{500, 501, 502, 503}));
  }
  EXPECT_GT(MemoryBudget::Process().UseOf(MemoryPart::kIndexes).peak_bytes, 0u);
}

}  // namespace
}  // namespace levee::store::testing
