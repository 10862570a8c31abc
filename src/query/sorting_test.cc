// Sorting, in memory and spilled, and top-k, against a plain sort of all rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;
using columnar::ColumnKey;
using columnar::ColumnRole;

// Rows as a test sees them.
struct Row {
  std::optional<std::int64_t> size;
  std::optional<double> bound;
  std::optional<std::string> path;
  std::int64_t number = 0;  // in the order of the input
};

const ColumnKey kSize = columnar::PlainKey(ColumnRole::kSize);
const ColumnKey kPath = columnar::PlainKey(ColumnRole::kPath);
const ColumnKey kNumber = columnar::PlainKey(ColumnRole::kAddedVersion);
const ColumnKey kBound{ColumnRole::kMax, "x", {types::TypeKind::kDouble}};

std::vector<Row> RandomRows(std::size_t count, std::mt19937_64& random) {
  const double reals[] = {0.0, -0.0, 1.5, -1.5, std::numeric_limits<double>::quiet_NaN(),
                          std::numeric_limits<double>::infinity()};
  const std::string texts[] = {"", "a", "abcdefgh", "abcdefghi", "abcdefghj", "\xff\xfe"};
  std::vector<Row> rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    rows[i].number = static_cast<std::int64_t>(i);
    if (random() % 7 != 0) rows[i].size = static_cast<std::int64_t>(random() % 50) - 25;
    if (random() % 7 != 0) rows[i].bound = reals[random() % std::size(reals)];
    if (random() % 7 != 0) rows[i].path = texts[random() % std::size(texts)];
  }
  return rows;
}

// The rows, in batches of several lengths; one whose sizes are all null lacks the column.
class RowStream final : public BatchStream {
 public:
  explicit RowStream(const std::vector<Row>& rows) : rows_(rows) {}
  Result<std::unique_ptr<Batch>> Next() override {
    if (at_ == rows_.size()) return nullptr;
    auto batch = std::make_unique<Batch>();
    const std::size_t count = std::min(rows_.size() - at_, 1 + at_ % 977);
    bool any_size = false;
    for (std::size_t i = at_; i < at_ + count; ++i) any_size |= rows_[i].size.has_value();
    batch->rows = 0;
    if (any_size) batch->FindOrAdd(kSize);
    for (const ColumnKey& key : {kBound, kPath, kNumber}) batch->FindOrAdd(key);
    for (std::size_t i = at_; i < at_ + count; ++i) {
      const Row& row = rows_[i];
      if (any_size) row.size ? batch->Find(kSize)->PushInt(*row.size) : batch->Find(kSize)->PushNull();
      row.bound ? batch->Find(kBound)->PushDouble(*row.bound) : batch->Find(kBound)->PushNull();
      row.path ? batch->Find(kPath)->PushString(*row.path) : batch->Find(kPath)->PushNull();
      batch->Find(kNumber)->PushInt(row.number);
      ++batch->rows;
    }
    at_ += count;
    return batch;
  }

 private:
  const std::vector<Row>& rows_;
  std::size_t at_ = 0;
};

// By the text of docs/planner.md: nulls last, NaN above every number, -0 as 0.
template <typename T>
int Compare(const std::optional<T>& a, const std::optional<T>& b, bool descending) {
  if (!a || !b) return a ? -1 : b ? 1 : 0;
  int order = *a < *b ? -1 : *b < *a ? 1 : 0;
  if constexpr (std::is_same_v<T, double>) {
    if (std::isnan(*a) || std::isnan(*b)) order = std::isnan(*a) - std::isnan(*b);
  }
  return descending ? -order : order;
}

std::vector<std::int64_t> Expected(std::vector<Row> rows, const std::vector<SortKey>& keys) {
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    for (const SortKey& key : keys) {
      auto left = a.path, right = b.path;
      if (key.empty_is_null && left == "") left.reset();
      if (key.empty_is_null && right == "") right.reset();
      const int order = key.column == kSize    ? Compare(a.size, b.size, key.descending)
                        : key.column == kBound ? Compare(a.bound, b.bound, key.descending)
                                               : Compare(left, right, key.descending);
      if (order != 0) return order < 0;
    }
    return false;
  });
  std::vector<std::int64_t> numbers;
  for (const Row& row : rows) numbers.push_back(row.number);
  return numbers;
}

std::vector<std::int64_t> NumbersOf(BatchStream& stream) {
  std::vector<std::int64_t> numbers;
  while (true) {
    auto batch = stream.Next();
    EXPECT_TRUE(batch) << batch.error().ToString();
    if (!batch || *batch == nullptr) return numbers;
    const auto& column = *(*batch)->Find(kNumber);
    EXPECT_EQ(column.rows, (*batch)->rows);
    numbers.insert(numbers.end(), column.ints.begin(), column.ints.end());
  }
}

const std::vector<std::vector<SortKey>>& Orders() {
  static const std::vector<std::vector<SortKey>> orders{
      {{.column = kSize}},
      {{.column = kSize, .descending = true}, {.column = kPath}},
      {{.column = kBound}, {.column = kPath, .descending = true}, {.column = kSize}},
      {{.column = kBound, .descending = true}},
      {{.column = kPath, .empty_is_null = true}, {.column = kBound}},
  };
  return orders;
}

TEST(SortStream, InMemoryAndSpilledAsAPlainSort) {
  std::mt19937_64 random(7);
  for (const std::size_t rows : {0, 1, 5'000, 40'000}) {
    const std::vector<Row> input = RandomRows(rows, random);
    for (const std::vector<SortKey>& keys : Orders()) {
      const std::vector<std::int64_t> expected = Expected(input, keys);
      // The least spills each batch, so that runs are merged in two steps.
      for (const std::size_t bytes : {std::size_t{1}, std::size_t{200'000}, std::size_t{1} << 30}) {
        const auto sorted = MakeSortStream(std::make_unique<RowStream>(input), keys,
                                           {.bytes = bytes, .spill_folder = testing::TempDir()});
        ASSERT_EQ(NumbersOf(*sorted), expected) << rows << " rows, " << bytes << " bytes";
      }
    }
  }
}

TEST(SortStream, NamesTheFolderThatIsNotThere) {
  std::mt19937_64 random(7);
  const std::vector<Row> input = RandomRows(100, random);
  const auto sorted = MakeSortStream(std::make_unique<RowStream>(input), Orders()[0],
                                     {.bytes = 1, .spill_folder = "/no/such/folder"});
  const auto batch = sorted->Next();
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, ErrorCode::kIo);
  EXPECT_EQ(batch.error().what, "/no/such/folder");
}

TEST(TopKStream, FirstRowsOfTheSort) {
  std::mt19937_64 random(11);
  const std::vector<Row> input = RandomRows(40'000, random);
  for (const std::vector<SortKey>& keys : Orders()) {
    std::vector<std::int64_t> expected = Expected(input, keys);
    for (const std::size_t rows : {50'000, 20'000, 3'000, 10, 1, 0}) {
      expected.resize(std::min(expected.size(), rows));
      const auto top =
          MakeTopKStream(std::make_unique<RowStream>(input), keys, static_cast<std::int64_t>(rows));
      ASSERT_EQ(NumbersOf(*top), expected) << rows;
    }
  }
}

}  // namespace
}  // namespace levee::query
