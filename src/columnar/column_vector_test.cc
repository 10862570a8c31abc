#include "columnar/column_vector.h"

#include <gtest/gtest.h>

#include <random>

#include "columnar/batch.h"

// g++ 12 takes strings inside of temporary variants for uninitialised.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace levee::columnar {
namespace {

using types::PhysicalType;
using types::PhysicalValue;

PhysicalValue MakeValue(PhysicalType physical, std::mt19937& random, bool nulls) {
  if (nulls && random() % 4 == 0) return std::monostate{};
  switch (physical) {
    case PhysicalType::kInt64: return static_cast<std::int64_t>(random());
    case PhysicalType::kDouble: return static_cast<double>(random());
    case PhysicalType::kString: return std::string(random() % 5, 'x');
  }
  return std::monostate{};
}

// Appends in every way, against a plain vector of values.
TEST(ColumnVector, AppendsAsAVectorOfValues) {
  std::mt19937 random(1);
  for (const PhysicalType physical : {PhysicalType::kInt64, PhysicalType::kDouble, PhysicalType::kString}) {
    for (int round = 0; round < 200; ++round) {
      ColumnVector column;
      column.physical = physical;
      std::vector<PhysicalValue> model;
      for (int step = 0; step < 6; ++step) {
        ColumnVector other;
        other.physical = physical;
        const bool nulls = random() % 2 == 0;
        for (std::size_t rows = 1 + random() % 300; rows > 0; --rows)
          other.PushValue(MakeValue(physical, random, nulls));
        const std::size_t first = random() % other.rows;
        if (random() % 2 == 0) {
          const std::size_t count = random() % (other.rows - first + 1);
          column.AppendRange(other, first, count);
          for (std::size_t i = 0; i < count; ++i) model.push_back(other.At(first + i));
        } else {
          std::vector<std::uint32_t> rows;
          for (std::size_t i = random() % 20; i > 0; --i)
            rows.push_back(static_cast<std::uint32_t>(random() % other.rows));
          column.AppendRows(other, rows);
          for (const std::uint32_t row : rows) model.push_back(other.At(row));
        }
        column.PushNull();
        model.push_back(std::monostate{});
      }
      ASSERT_EQ(column.rows, model.size());
      for (std::size_t row = 0; row < model.size(); ++row) ASSERT_EQ(column.At(row), model[row]) << row;
      ASSERT_EQ(column.validity.size(), column.rows);
      ASSERT_GT(column.SizeBytes(), 0u);
    }
  }
}

TEST(Batch, FindsAndAdds) {
  Batch batch;
  batch.rows = 2;
  const ColumnKey key{ColumnRole::kMin, "a", {types::TypeKind::kString, 0, 0}};
  EXPECT_EQ(batch.Find(key), nullptr);
  ColumnVector& added = batch.FindOrAdd(key);
  EXPECT_EQ(added.rows, 2u);
  EXPECT_FALSE(added.IsValid(1));
  EXPECT_EQ(added.strings[1], "");
  EXPECT_EQ(&batch.FindOrAdd(key), batch.Find(key));
  EXPECT_EQ(batch.Find(ColumnRole::kPath), nullptr);
}

TEST(ColumnKey, OrdersByRolePathType) {
  const ColumnKey a{ColumnRole::kMin, "a", {types::TypeKind::kLong, 0, 0}};
  const ColumnKey b{ColumnRole::kMin, "b", {types::TypeKind::kInteger, 0, 0}};
  const ColumnKey c{ColumnRole::kMax, "a", {types::TypeKind::kLong, 0, 0}};
  const ColumnKey d{ColumnRole::kMin, "a", {types::TypeKind::kString, 0, 0}};
  EXPECT_TRUE(KeyLess(a, b) && KeyLess(b, c) && KeyLess(a, d));
  EXPECT_FALSE(KeyLess(b, a) || KeyLess(a, a));
  EXPECT_EQ(PlainKey(ColumnRole::kTags).type.kind, types::TypeKind::kString);
  EXPECT_EQ(PlainKey(ColumnRole::kTightBounds).type.kind, types::TypeKind::kBoolean);
  EXPECT_EQ(PlainKey(ColumnRole::kDvOffset).type.kind, types::TypeKind::kLong);
}

}  // namespace
}  // namespace levee::columnar
