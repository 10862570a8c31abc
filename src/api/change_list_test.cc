#include "api/change_list.h"

#include <gtest/gtest.h>

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

TEST(ReadChanges, OfNothingIsEmpty) {
  Batches stream({});
  const auto list = ReadChanges(stream, {.after_version = 0, .to_version = 9});
  ASSERT_TRUE(list);
  EXPECT_EQ(list->files.rows, 0u);
}

}  // namespace
}  // namespace levee::api
