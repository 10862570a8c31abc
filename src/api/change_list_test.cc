#include "api/change_list.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "output/file_fields.h"

namespace levee::api {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::PlainKey;
using Values = std::vector<types::PhysicalValue>;

constexpr std::monostate kNull;
types::PhysicalValue Text(std::string text) { return text; }
types::PhysicalValue Integer(std::int64_t value) { return value; }

void SetColumn(Batch& batch, const ColumnKey& key, const Values& values) {
  columnar::BatchColumn column{key, {}};
  column.values.physical = types::PhysicalTypeOf(key.type);
  for (const types::PhysicalValue& value : values) column.values.PushValue(value);
  batch.rows = values.size();
  batch.columns.push_back(std::move(column));
}

class Batches final : public columnar::BatchStream {
 public:
  explicit Batches(std::vector<Batch> batches) : batches_(std::move(batches)) {}
  Result<std::unique_ptr<Batch>> Next() override {
    if (at_ == batches_.size()) return std::unique_ptr<Batch>();
    return std::make_unique<Batch>(batches_[at_++]);
  }

 private:
  std::vector<Batch> batches_;
  std::size_t at_ = 0;
};

Batch Entries(Values paths, Values added, Values removed) {
  Batch batch;
  SetColumn(batch, PlainKey(ColumnRole::kPath), paths);
  SetColumn(batch, PlainKey(ColumnRole::kAddedVersion), added);
  SetColumn(batch, PlainKey(ColumnRole::kRemovedVersion), removed);
  return batch;
}

TEST(ReadChanges, OrdersByVersionRemovesFirst) {
  Batch first = Entries({Text("b"), Text("a")}, {Integer(2), Integer(1)}, {Integer(3), Integer(2)});
  SetColumn(first, PlainKey(ColumnRole::kRemoveDataChange), {Integer(1), Integer(1)});
  Batch second = Entries({Text("c"), Text("old")}, {Integer(2), kNull}, {kNull, Integer(4)});
  SetColumn(second, PlainKey(ColumnRole::kRemoveDataChange), {kNull, Integer(0)});
  Batches stream({first, Batch{}, second});
  const auto list = ReadChanges(stream, {.after_version = 1, .to_version = 3});
  ASSERT_TRUE(list);
  std::vector<std::string> rows;
  const auto* paths = list->files.Find(ColumnRole::kPath);
  for (std::size_t i = 0; i < list->marks.size(); ++i) {
    rows.push_back(std::to_string(list->marks[i].version) + (list->marks[i].added ? "+" : "-") +
                   std::string(paths->strings[i]));
  }
  EXPECT_EQ(rows, (std::vector<std::string>{"2-a", "2+b", "2+c", "3-b"}));
  EXPECT_EQ(list->marks.back().data_change, true);
}

TEST(ReadChanges, LeavesOutTheEndsThatAddsMade) {
  Batch batch = Entries({Text("a"), Text("a")}, {Integer(2), Integer(3)}, {Integer(3), kNull});
  SetColumn(batch, PlainKey(ColumnRole::kDataChange), {Integer(1), Integer(1)});
  Batches stream({batch});
  const auto list = ReadChanges(stream, {.after_version = 2, .to_version = 3});
  ASSERT_TRUE(list);
  ASSERT_EQ(list->marks.size(), 1u);
  EXPECT_TRUE(list->marks[0].added);
}

TEST(ReadChanges, KeepsWhatARemoveSaysOfItsData) {
  Batch batch = Entries({Text("a")}, {kNull}, {Integer(4)});
  SetColumn(batch, PlainKey(ColumnRole::kDataChange), {Integer(1)});
  SetColumn(batch, PlainKey(ColumnRole::kRemoveDataChange), {Integer(0)});
  Batches stream({batch});
  const auto list = ReadChanges(stream, {.after_version = 3, .to_version = 4});
  ASSERT_TRUE(list);
  ASSERT_EQ(list->marks.size(), 1u);
  EXPECT_EQ(list->marks[0].data_change, false);
}

// Of version v the adds "v-0" .. "v-99", and the removes of those of version v-1.
Result<std::unique_ptr<columnar::BatchStream>> OpenHundreds(const ChangeRange& range) {
  Values paths, added, removed, flags;
  for (std::int64_t version = range.after_version; version <= range.to_version; ++version) {
    for (int i = 0; i < 100; ++i) {
      paths.push_back(Text(std::to_string(version) + "-" + std::string(100, 'x') + std::to_string(i)));
      added.push_back(Integer(version));
      removed.push_back(Integer(version + 1));
      flags.push_back(Integer(1));
    }
  }
  Batch batch;
  SetColumn(batch, PlainKey(ColumnRole::kPath), paths);
  SetColumn(batch, PlainKey(ColumnRole::kAddedVersion), added);
  SetColumn(batch, PlainKey(ColumnRole::kRemovedVersion), removed);
  SetColumn(batch, PlainKey(ColumnRole::kRemoveDataChange), flags);
  return std::make_unique<Batches>(std::vector<Batch>{batch});
}

TEST(VisitChanges, TakesFewerVersionsAtOnceWhereMemoryIsShortAndIsThenRefused) {
  const auto visit = [](std::uint64_t left_bytes, std::size_t& pieces) -> Result<std::string> {
    MemoryBudget& budget = MemoryBudget::Process();
    budget.SetLimit(budget.used_bytes() + left_bytes);
    std::string text;
    pieces = 0;
    const Status done = VisitChanges({10, 20}, OpenHundreds, [&](ChangeList& list) -> Status {
      ++pieces;
      EXPECT_GT(list.memory.bytes(), 0u);
      const auto* paths = list.files.Find(ColumnRole::kPath);
      for (std::size_t row = 0; row < list.files.rows; ++row) {
        text += std::to_string(list.marks[row].version) + (list.marks[row].added ? "+" : "-");
        text += std::string(paths->strings[row]) + "\n";
      }
      return {};
    });
    budget.SetLimit(0);
    if (!done) return std::unexpected(done.error());
    return text;
  };
  std::size_t pieces = 0;
  const std::string expected = visit(std::uint64_t{1} << 30, pieces).value();
  EXPECT_EQ(pieces, 1u);
  EXPECT_EQ(std::ranges::count(expected, '\n'), 2'000);
  EXPECT_EQ(visit(200'000, pieces).value(), expected);
  EXPECT_GT(pieces, 1u);
  const auto refused = visit(10'000, pieces);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(MemoryBudget::Process().UseOf(MemoryPart::kAnswers).bytes, 0u);
}

TEST(ReadChanges, OfNothingIsEmpty) {
  Batches stream({});
  const auto list = ReadChanges(stream, {.after_version = 0, .to_version = 9});
  ASSERT_TRUE(list);
  EXPECT_EQ(list->files.rows, 0u);
}

}  // namespace
}  // namespace levee::api
