#include "columnar/packed_columns.h"

#include <gtest/gtest.h>

namespace levee::columnar {
namespace {

ColumnVector Texts() {
  ColumnVector column;
  column.physical = types::PhysicalType::kString;
  for (int i = 0; i < 300; ++i) i % 7 == 3 ? column.PushNull() : column.PushString("part-" + std::to_string(i));
  return column;
}

void ExpectEqual(const ColumnVector& a, const ColumnVector& b) {
  ASSERT_EQ(a.physical, b.physical);
  ASSERT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.has_nulls(), b.has_nulls());
  for (std::size_t row = 0; row < a.rows; ++row) {
    EXPECT_EQ(a.IsValid(row), b.IsValid(row)) << row;
    EXPECT_EQ(a.At(row), b.At(row)) << row;
  }
}

TEST(PackedColumns, ComeBackAsTheyWere) {
  const ColumnVector texts = Texts();
  const Bytes packed = PackColumn(texts);
  EXPECT_LT(packed.size(), texts.SizeBytes() / 2);
  ExpectEqual(*UnpackColumn(packed), texts);
  ColumnVector doubles;
  doubles.physical = types::PhysicalType::kDouble;
  for (const double value : {0.5, -0.0, 1e300}) doubles.PushDouble(value);
  ExpectEqual(*UnpackColumn(PackColumn(doubles)), doubles);
  ExpectEqual(*UnpackColumn(PackColumn({})), {});

  ColumnVector numbers;
  for (std::int64_t value = 0; value < 300; ++value) numbers.PushInt(value << 40);
  std::vector<Batch> batches(2);
  batches[0] = {.rows = 300, .columns = {{PlainKey(ColumnRole::kPath), texts}, {PlainKey(ColumnRole::kSize), numbers}}};
  batches[1].rows = 5;  // rows without columns
  const auto back = UnpackBatches(PackBatches(batches));
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 2u);
  EXPECT_EQ((*back)[1].rows, 5u);
  ASSERT_EQ((*back)[0].columns.size(), 2u);
  EXPECT_EQ((*back)[0].columns[1].key, PlainKey(ColumnRole::kSize));
  ExpectEqual((*back)[0].columns[0].values, texts);
  ExpectEqual((*back)[0].columns[1].values, numbers);
}

TEST(PackedColumns, RefuseWhatIsCutOrWrong) {
  const Bytes packed = PackColumn(Texts());
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, packed.size() / 2, packed.size() - 1}) {
    EXPECT_FALSE(UnpackColumn(ByteSpan(packed).first(size))) << size;
    EXPECT_FALSE(UnpackBatches(ByteSpan(packed).first(size))) << size;
  }
  Bytes huge = packed;
  huge[3] = 0xff;  // of 4 GB, it says
  EXPECT_FALSE(UnpackColumn(huge));
}

}  // namespace
}  // namespace levee::columnar
