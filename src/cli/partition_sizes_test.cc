#include "cli/partition_sizes.h"

#include <gtest/gtest.h>

#include "output/file_fields.h"

namespace levee::cli {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using Values = std::vector<types::PhysicalValue>;

constexpr std::monostate kNull;
types::PhysicalValue Text(std::string text) { return text; }

void SetColumn(Batch& batch, const ColumnKey& key, const Values& values) {
  columnar::BatchColumn column{key, {}};
  column.values.physical = types::PhysicalTypeOf(key.type);
  for (const types::PhysicalValue& value : values) column.values.PushValue(value);
  batch.rows = values.size();
  batch.columns.push_back(std::move(column));
}

TEST(GroupSizes, KeepsNullApartFromTheEmptyText) {
  const ColumnKey day = output::PartitionKey("day");
  const ColumnKey hour = output::PartitionKey("hour");
  store::PartitionSummary summary;
  SetColumn(summary.values, day, {Text("1"), Text(""), kNull, Text("1")});
  SetColumn(summary.values, hour, {Text("1"), Text("1"), Text("1"), Text("2")});
  summary.sums = {{.files = 1, .bytes = 5, .known_records = 1, .small_files = 1},
                  {.files = 1, .bytes = store::kSmallFileBytes, .known_records = 2},
                  {.files = 1, .bytes = 7, .files_without_records = 1, .small_files = 1},
                  {.files = 2, .bytes = 9, .known_records = 4, .small_files = 2}};
  const PartitionGroups groups = GroupSizes(summary, {{"day", day}});
  ASSERT_EQ(groups.size(), 3u);
  const FileSizes& one = groups.at({"1"});
  EXPECT_EQ(one.files, 3);
  EXPECT_EQ(one.bytes, 14);
  EXPECT_EQ(one.records, 5);
  EXPECT_EQ(one.small_files, 3);
  EXPECT_EQ(groups.at({""}).small_files, 0);
  EXPECT_EQ(groups.at({std::nullopt}).records, std::nullopt);
}

TEST(GroupSizes, OfAnEmptyTableIsOneEmptyGroup) {
  const PartitionGroups groups = GroupSizes({}, {});
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups.begin()->second.files, 0);
}

}  // namespace
}  // namespace levee::cli
