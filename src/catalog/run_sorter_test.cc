#include "catalog/run_sorter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

namespace levee::catalog {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;

const types::PrimitiveType kLong{types::TypeKind::kLong};
const types::PrimitiveType kDouble{types::TypeKind::kDouble};
const types::PrimitiveType kText{types::TypeKind::kString};

// Entries whose path tells their partition and bound, so that a row can be checked alone.
Batch RandomEntries(std::mt19937_64& random, std::size_t rows, bool with_tags) {
  Batch batch;
  batch.rows = rows;
  columnar::ColumnVector path, part, low, high, tags;
  path.physical = part.physical = tags.physical = types::PhysicalType::kString;
  low.physical = high.physical = types::PhysicalType::kDouble;
  columnar::ColumnVector size;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string name(1, static_cast<char>('a' + random() % 5));
    const auto bound = static_cast<std::int64_t>(random() % 1'000'000);
    path.PushString(name + "/" + std::to_string(bound));
    random() % 7 == 0 ? part.PushNull() : part.PushString(name);
    low.PushDouble(static_cast<double>(bound));
    high.PushDouble(static_cast<double>(bound) + 0.5);
    size.PushInt(bound * 2);
    random() % 2 == 0 ? tags.PushNull() : tags.PushString("{}");
  }
  batch.columns.push_back({columnar::PlainKey(ColumnRole::kPath), std::move(path)});
  batch.columns.push_back({{ColumnRole::kPartition, "p", kText}, std::move(part)});
  batch.columns.push_back({{ColumnRole::kMin, "v", kDouble}, std::move(low)});
  batch.columns.push_back({{ColumnRole::kMax, "v", kDouble}, std::move(high)});
  batch.columns.push_back({columnar::PlainKey(ColumnRole::kSize), std::move(size)});
  if (with_tags) batch.columns.push_back({columnar::PlainKey(ColumnRole::kTags), std::move(tags)});
  return batch;
}

// Makes its spill file when it is first asked for one.
class LazyFile {
 public:
  explicit LazyFile(std::string folder = testing::TempDir()) : folder_(std::move(folder)) {}
  std::function<Result<columnar::RunFile*>()> Maker() {
    return [this]() -> Result<columnar::RunFile*> {
      const std::lock_guard lock(mutex_);
      if (!file_) {
        LEVEE_ASSIGN(file_, columnar::RunFile::Create(folder_));
      }
      return file_.get();
    };
  }
  bool made() const { return file_ != nullptr; }

 private:
  const std::string folder_;
  std::mutex mutex_;
  std::unique_ptr<columnar::RunFile> file_;
};

std::string RowText(const Batch& batch, std::size_t row) {
  std::string text;
  for (const ColumnRole role : {ColumnRole::kPath, ColumnRole::kSize, ColumnRole::kTags}) {
    const columnar::ColumnVector* column = batch.Find(role);
    if (column == nullptr || !column->IsValid(row)) {
      text += "|null";
    } else if (column->physical == types::PhysicalType::kString) {
      text += "|" + std::string(column->strings[row]);
    } else {
      text += "|" + std::to_string(column->ints[row]);
    }
  }
  const columnar::ColumnVector* part = batch.Find(ColumnKey{ColumnRole::kPartition, "p", kText});
  text += part != nullptr && part->IsValid(row) ? "|" + std::string(part->strings[row]) : "|null";
  return text;
}

// Rows of all emitted batches, in order of their place.
std::vector<Batch> SortAll(RunSorter& sorter) {
  std::vector<Batch> batches;
  std::mutex mutex;
  const Status status = sorter.Finish([&](Batch batch) -> Status {
    const std::lock_guard lock(mutex);
    batches.push_back(std::move(batch));
    return {};
  });
  EXPECT_TRUE(status) << (status ? "" : status.error().ToString());
  return batches;
}

void CheckSortsLikeAPlainSort(std::size_t batch_count, std::size_t rows, int threads) {
  std::mt19937_64 random(batch_count * 31 + rows);
  LazyFile file;
  RunSorter sorter({.partition_paths = {"p"}, .threads = threads, .file = file.Maker()});
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < batch_count; ++i) {
    Batch batch = RandomEntries(random, rows, i % 2 == 0);
    for (std::size_t row = 0; row < rows; ++row) expected.push_back(RowText(batch, row));
    ASSERT_TRUE(sorter.Add(std::move(batch)));
  }
  EXPECT_EQ(sorter.rows(), batch_count * rows);
  EXPECT_EQ(file.made(), batch_count > 1);
  std::vector<std::string> found;
  for (const Batch& batch : SortAll(sorter)) {
    EXPECT_LE(batch.rows, 65'536u);
    const auto& part = *batch.Find(ColumnKey{ColumnRole::kPartition, "p", kText});
    const auto& low = *batch.Find(ColumnKey{ColumnRole::kMin, "v", kDouble});
    for (std::size_t row = 0; row < batch.rows; ++row) {
      found.push_back(RowText(batch, row));
      if (row == 0) continue;
      const std::string before = part.IsValid(row - 1) ? std::string(part.strings[row - 1]) : "";
      const std::string here = part.IsValid(row) ? std::string(part.strings[row]) : "";
      ASSERT_LE(before, here);
      if (before == here) {
        ASSERT_LE(low.doubles[row - 1], low.doubles[row]);
      }
    }
  }
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, expected);
}

TEST(RunSorter, OneBatchIsSortedInMemory) { CheckSortsLikeAPlainSort(1, 1'000, 1); }
TEST(RunSorter, SeveralRunsAreMerged) { CheckSortsLikeAPlainSort(7, 900, 2); }
TEST(RunSorter, SeveralPiecesComeOut) { CheckSortsLikeAPlainSort(5, 40'000, 2); }

TEST(RunSorter, RowsThatAreLeftOutDoNotComeBack) {
  for (const int batch_count : {1, 3}) {
    std::mt19937_64 random(5);
    LazyFile file;
    RunSorter sorter({.partition_paths = {"p"}, .file = file.Maker()});
    std::vector<std::string> expected, found;
    for (int i = 0; i < batch_count; ++i) {
      Batch batch = RandomEntries(random, 1'000, true);
      Bitmap left_out(batch.rows);
      for (std::size_t row = 0; row < batch.rows; ++row) {
        row % 3 == 0 ? left_out.Set(row) : expected.push_back(RowText(batch, row));
      }
      ASSERT_TRUE(sorter.Add(std::move(batch), left_out));
    }
    ASSERT_TRUE(sorter.Add(RandomEntries(random, 10, true), Bitmap(10, true)));
    EXPECT_EQ(sorter.rows(), expected.size());
    for (const Batch& batch : SortAll(sorter)) {
      for (std::size_t row = 0; row < batch.rows; ++row) found.push_back(RowText(batch, row));
    }
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, expected);
  }
}

TEST(RunSorter, NothingGivesNothing) {
  LazyFile file;
  RunSorter sorter({.file = file.Maker()});
  EXPECT_TRUE(SortAll(sorter).empty());
}

TEST(RunSorter, AFolderThatIsNotThereIsAnError) {
  std::mt19937_64 random(1);
  LazyFile file("/nowhere/at/all");
  RunSorter sorter({.partition_paths = {"p"}, .file = file.Maker()});
  ASSERT_TRUE(sorter.Add(RandomEntries(random, 10, false)));
  const Status second = sorter.Add(RandomEntries(random, 10, false));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kIo);
}

TEST(RunSorter, AnErrorOfTheReceiverStopsIt) {
  std::mt19937_64 random(1);
  LazyFile file;
  RunSorter sorter({.partition_paths = {"p"}, .threads = 2, .file = file.Maker()});
  ASSERT_TRUE(sorter.Add(RandomEntries(random, 10, false)));
  const Status status = sorter.Finish([](Batch) { return Status(Fail(ErrorCode::kIo, "disk", "full")); });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().why, "full");
}

}  // namespace
}  // namespace levee::catalog
