#include "columnar/entry_order.h"

#include <gtest/gtest.h>

#include <random>

namespace levee::columnar {
namespace {

const types::PrimitiveType kLong{types::TypeKind::kLong};
const types::PrimitiveType kText{types::TypeKind::kString};

void Set(Batch& batch, ColumnRole role, const std::string& path, types::PrimitiveType type,
         const std::vector<types::PhysicalValue>& values) {
  ColumnVector column;
  column.physical = types::PhysicalTypeOf(type);
  for (const auto& value : values) column.PushValue(value);
  batch.rows = values.size();
  batch.columns.push_back({{role, path, type}, std::move(column)});
}

// Bounds of `wide` overlap everywhere, those of `narrow` hardly do.
Batch TwoColumns(std::size_t rows) {
  std::mt19937_64 random(7);
  std::vector<types::PhysicalValue> narrow_min, narrow_max, wide_min, wide_max, regions;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto at = static_cast<std::int64_t>(random() % 1'000'000);
    narrow_min.emplace_back(at);
    narrow_max.emplace_back(at + 50);
    wide_min.emplace_back(static_cast<std::int64_t>(random() % 100));
    wide_max.emplace_back(static_cast<std::int64_t>(100'000 + random() % 100));
    regions.emplace_back(std::string(1, static_cast<char>('a' + random() % 3)));
  }
  Batch batch;
  Set(batch, ColumnRole::kMin, "narrow", kLong, narrow_min);
  Set(batch, ColumnRole::kMax, "narrow", kLong, narrow_max);
  Set(batch, ColumnRole::kMin, "wide", kLong, wide_min);
  Set(batch, ColumnRole::kMax, "wide", kLong, wide_max);
  Set(batch, ColumnRole::kPartition, "region", kText, regions);
  return batch;
}

TEST(EntryOrder, ChoosesTheColumnWithTheNarrowestBounds) {
  const EntryOrder order = ChooseEntryOrder(TwoColumns(500), {"region"});
  ASSERT_TRUE(order.cluster.has_value());
  EXPECT_EQ(order.cluster->path, "narrow");
  ASSERT_EQ(order.partitions.size(), 1u);
  EXPECT_EQ(order.partitions[0].role, ColumnRole::kPartition);
}

TEST(EntryOrder, ChoosesNothingWhereNothingPrunes) {
  Batch batch;
  Set(batch, ColumnRole::kMin, "a", kLong, {std::int64_t{0}, std::int64_t{0}});
  Set(batch, ColumnRole::kMax, "a", kLong, {std::int64_t{9}, std::int64_t{9}});
  EXPECT_FALSE(ChooseEntryOrder(batch, {}).cluster.has_value());
}

TEST(EntryOrder, SortsByPartitionThenByCluster) {
  const Batch batch = TwoColumns(500);
  const EntryOrder order = ChooseEntryOrder(batch, {"region"});
  const Batch sorted = GatherRows(batch, SortedRows(ComputeOrderKeys(batch, order)));
  ASSERT_EQ(sorted.rows, batch.rows);
  const ColumnVector& region = sorted.columns[4].values;
  const ColumnVector& narrow = sorted.columns[0].values;
  for (std::size_t row = 1; row < sorted.rows; ++row) {
    ASSERT_LE(region.strings[row - 1], region.strings[row]);
    if (region.strings[row - 1] == region.strings[row]) {
      ASSERT_LE(narrow.ints[row - 1], narrow.ints[row]);
    }
  }
}

TEST(EntryOrder, TextClustersBehindItsCommonPrefix) {
  Batch batch;
  Set(batch, ColumnRole::kMin, "s", kText, {"customer-0009", "customer-0001", "customer-0005"});
  Set(batch, ColumnRole::kMax, "s", kText, {"customer-0009", "customer-0001", "customer-0005"});
  const EntryOrder order = ChooseEntryOrder(batch, {});
  ASSERT_TRUE(order.cluster.has_value());
  EXPECT_EQ(SortedRows(ComputeOrderKeys(batch, order)), (std::vector<std::uint32_t>{1, 2, 0}));
}

TEST(EntryOrder, NullPartitionsComeFirstAndPrefixesBeforeLongerText) {
  Batch batch;
  Set(batch, ColumnRole::kPartition, "p", kText,
      {"ab", std::monostate{}, "a", std::string("a\0b", 3)});
  const EntryOrder order = ChooseEntryOrder(batch, {"p"});
  EXPECT_EQ(SortedRows(ComputeOrderKeys(batch, order)), (std::vector<std::uint32_t>{1, 2, 3, 0}));
}

}  // namespace
}  // namespace levee::columnar
