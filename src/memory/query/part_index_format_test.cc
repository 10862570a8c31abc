#include "memory/query/part_index_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace levee::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SortValue Number(long double number) { return {ValueKind::kNumber, number, {}}; }
SortValue Text(std::string text) { return {ValueKind::kText, 0, std::move(text)}; }

// Every kind of value that metadata can have, in the order in which they sort.
std::vector<SortValue> EveryKind() {
  return {{ValueKind::kBoolean, 0, {}},
          {ValueKind::kBoolean, 1, {}},
          Number(-1e300),
          Number(std::numeric_limits<std::int64_t>::min()),
          Number(-0.5),
          Number(0),
          Number(5e-324),
          Number(static_cast<long double>(0.1)),
          Number(0x1p53L),
          Number(0x1p53L + 1),
          Number(std::numeric_limits<std::int64_t>::max()),
          Number(0x1p63L),
          Number(std::numeric_limits<std::uint64_t>::max()),
          Number(0x1p64L),
          Text(""),
          Text("abc"),
          Text("abcd"),
          Text("abd"),
          Text("\xc3\xa4\xc3\xb6"),
          ContainerValue(),
          MissingValue()};
}

PartIndex OfTwoKeys() {
  const std::vector<SortValue> values = EveryKind();
  PartIndex::Column all{.values = values, .ordinals = {}}, few{.values = {Number(1), Text("x")}, .ordinals = {}};
  for (std::uint32_t row = 0; row < 3 * values.size(); ++row) {
    all.ordinals.push_back(row * 5 % static_cast<std::uint32_t>(values.size()));
    few.ordinals.push_back(row / 4 % 2);
  }
  return PartIndex({all, few}, static_cast<std::uint32_t>(3 * values.size()));
}

TEST(PartIndexFormat, ComesBackAsItWas) {
  const PartIndex index = OfTwoKeys();
  const auto bytes = EncodePartIndex(index);
  ASSERT_TRUE(bytes);
  const auto read = DecodePartIndex(*bytes, {.keys = 2, .rows = static_cast<std::uint32_t>(index.rows().size())}, "it");
  ASSERT_TRUE(read) << read.error().ToString();
  for (const std::size_t key : {0, 1}) {
    EXPECT_EQ((*read)->columns()[key].values, index.columns()[key].values);
    EXPECT_EQ((*read)->columns()[key].ordinals, index.columns()[key].ordinals);
  }
  EXPECT_EQ((*read)->missing(), 6u);  // containers, and what is not there
}

TEST(PartIndexFormat, RowsComeByTheirKeysThenAscend) {
  const PartIndex index({{.values = {Number(1), Number(2)}, .ordinals = {1, 0, 1, 0, 1}},
                         {.values = {Text("a"), Text("b"), Text("c")}, .ordinals = {2, 1, 0, 1, 2}}},
                        5);
  EXPECT_THAT(index.rows(), ElementsAre(1, 3, 2, 0, 4));
}

TEST(PartIndexFormat, ManyRowsTakeAFewBitsEach) {
  PartIndex::Column column;
  for (int value = 0; value < 7; ++value) column.values.push_back(Text("value " + std::to_string(value)));
  for (std::uint32_t row = 0; row < 65'536; ++row) column.ordinals.push_back(row * 2'654'435'761u % 7);
  const auto bytes = EncodePartIndex(PartIndex({column}, 65'536));
  ASSERT_TRUE(bytes);
  EXPECT_LT(bytes->size(), 65'536u / 2);
}

TEST(PartIndexFormat, WhatIsNoneIsRejected) {
  const PartIndex index = OfTwoKeys();
  const auto rows = static_cast<std::uint32_t>(index.rows().size());
  const Bytes bytes = EncodePartIndex(index).value();
  const auto why = [&](ByteSpan damaged, const PartIndexShape& shape) {
    const auto read = DecodePartIndex(damaged, shape, "an index of memory segment 3");
    EXPECT_FALSE(read);
    if (read) return std::string();
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(read.error().what, "an index of memory segment 3");
    return read.error().why;
  };
  EXPECT_THAT(why(bytes, {.keys = 1, .rows = rows}), HasSubstr("another number of keys"));
  EXPECT_THAT(why(bytes, {.keys = 2, .rows = rows + 1}), HasSubstr("another number of rows"));
  EXPECT_THAT(why(bytes, {.keys = 2, .rows = 5}), HasSubstr("more values than the segment has rows"));
  for (std::size_t size = 0; size < bytes.size(); ++size) why(ByteSpan(bytes).first(size), {.keys = 2, .rows = rows});
  Bytes longer = bytes;
  longer.push_back(0);
  why(longer, {.keys = 2, .rows = rows});
  const auto encoded = [](const PartIndex::Column& column, std::uint32_t of) {
    return EncodePartIndex(PartIndex({column}, of)).value();
  };
  EXPECT_THAT(why(encoded({.values = {Text("b"), Text("a")}, .ordinals = {0, 1}}, 2), {.keys = 1, .rows = 2}),
              HasSubstr("do not ascend"));
}

}  // namespace
}  // namespace levee::memory
