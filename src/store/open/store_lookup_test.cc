// Files by path, against a scan of all, as commits and compactions come.
#include <algorithm>
#include <random>

#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

File FileAt(int number, std::int64_t version) {
  return {.path = "part-" + std::to_string(number) + "%20x", .size = number, .low = number, .high = number + 5,
          .part = "p" + std::to_string(number % 3), .added = version};
}

class OneBatch final : public columnar::BatchStream {
 public:
  explicit OneBatch(Batch batch) : batch_(std::make_unique<Batch>(std::move(batch))) {}
  Result<std::unique_ptr<Batch>> Next() override { return std::move(batch_); }

 private:
  std::unique_ptr<Batch> batch_;
};

// Empty: only a scan can tell.
std::optional<std::map<std::string, File>> Find(Store& store, std::int64_t table, std::int64_t version,
                                                const std::vector<std::string>& paths) {
  auto found = Value(store.FindByPath(
      {.table_id = table, .version = version, .paths = paths, .columns = FileColumns(), .counters = nullptr}));
  if (!found) return std::nullopt;
  OneBatch stream(std::move(*found));
  return ByKey(FilesOf(stream));
}

TEST(StoreLookupTest, FindsWhatAScanFinds) {
  TemporaryFolder folder;
  const auto store = OpenFile(folder.File("store.db"));
  const std::int64_t table = Value(store->CreateTable("file:///t", "", std::nullopt)).id;
  std::vector<File> files;
  for (int i = 0; i < 3'000; ++i) files.push_back(FileAt(i, 0));
  auto session = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0}));
  Ok(session->AddEntries(AddsOf(files, true), false));
  CommitRecord record;
  record.num_files = 3'000;
  Ok(session->Publish({record}, {}));

  std::mt19937_64 random(5);
  for (std::int64_t version = 1; version <= 20; ++version) {
    const int fresh = 3'000 + static_cast<int>(version);
    const auto gone = static_cast<int>(random() % 3'000);
    ASSERT_TRUE(Publish(*store, table,
                        {Commit(version, {FileAt(fresh, version), FileAt(gone / 2, version)}, {FileAt(gone, 0)})}));
    if (version % 7 == 0) {
      ASSERT_TRUE(store->Compact(table, true));
    }
    std::vector<std::string> paths{types::CanonicalPath(FileAt(fresh, 0).path), types::CanonicalPath(FileAt(gone, 0).path),
                                   types::CanonicalPath(FileAt(gone / 2, 0).path), "no such file"};
    for (int i = 0; i < 40; ++i) {
      paths.push_back(types::CanonicalPath(FileAt(static_cast<int>(random() % 3'020), 0).path));
    }
    std::ranges::sort(paths);
    const auto repeats = std::ranges::unique(paths);
    paths.erase(repeats.begin(), repeats.end());
    auto expected = ScanFiles(*store, Alive(table, version));
    std::erase_if(expected, [&](const auto& entry) {
      return !std::ranges::binary_search(paths, types::CanonicalPath(entry.second.path));
    });
    ASSERT_GE(expected.size(), 2U);
    ASSERT_EQ(Find(*store, table, version, paths), expected) << "at version " << version;
    EXPECT_FALSE(Find(*store, table, version - 1, paths)) << "of an older version keys do not tell";
  }
  EXPECT_TRUE(Find(*store, table, 20, {}).value().empty());
}

TEST(StoreLookupTest, DoesNotTellOnceThereWasADeletionVector) {
  TemporaryFolder folder;
  const auto store = OpenFile(folder.File("store.db"));
  const std::int64_t table = Value(store->CreateTable("file:///t", "", std::nullopt)).id;
  auto session = Value(store->BeginImport(table, {.first_version = 0, .last_version = 0}));
  Ok(session->AddEntries(AddsOf({FileAt(1, 0), FileAt(2, 0)}, true), false));
  CommitRecord record;
  record.num_files = 2;
  Ok(session->Publish({record}, {}));
  ASSERT_TRUE(Find(*store, table, 0, {types::CanonicalPath(FileAt(1, 0).path)}));
  File with_vector = FileAt(1, 1);
  with_vector.dv = "vector";
  ASSERT_TRUE(Publish(*store, table, {Commit(1, {with_vector}, {FileAt(1, 0)})}));
  EXPECT_FALSE(Find(*store, table, 1, {types::CanonicalPath(FileAt(1, 0).path)}));
}

}  // namespace
}  // namespace levee::store::testing
