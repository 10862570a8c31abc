#include <gtest/gtest.h>

#include <cmath>

#include "types/value.h"

namespace levee::types {
namespace {

const PrimitiveType kDecimal10_2{TypeKind::kDecimal, 10, 2};
const PrimitiveType kDecimal38_2{TypeKind::kDecimal, 38, 2};

std::optional<std::int64_t> ReadInt(std::string_view text, PrimitiveType type,
                                    std::string_view zone = "UTC") {
  const auto value = ParsePartitionValue(text, type, zone);
  if (!value) return {};
  return value->as_int();
}

TEST(PartitionValue, EmptyTextIsNullOfEveryType) {
  for (int kind = 1; kind <= 18; ++kind) {
    const auto value = ParsePartitionValue("", {static_cast<TypeKind>(kind), 10, 2});
    ASSERT_TRUE(value);
    EXPECT_TRUE(value->is_null());
  }
}

TEST(PartitionValue, Booleans) {
  EXPECT_EQ(ReadInt("true", {TypeKind::kBoolean}), 1);
  EXPECT_EQ(ReadInt("False", {TypeKind::kBoolean}), 0);
  EXPECT_FALSE(ReadInt("yes", {TypeKind::kBoolean}));
  EXPECT_FALSE(ReadInt("1", {TypeKind::kBoolean}));
}

TEST(PartitionValue, IntegersKeepTheirRange) {
  EXPECT_EQ(ReadInt("-128", {TypeKind::kByte}), -128);
  EXPECT_FALSE(ReadInt("128", {TypeKind::kByte}));
  EXPECT_EQ(ReadInt("32767", {TypeKind::kShort}), 32767);
  EXPECT_FALSE(ReadInt("-32769", {TypeKind::kShort}));
  EXPECT_EQ(ReadInt("-2147483648", {TypeKind::kInteger}), -2147483648LL);
  EXPECT_FALSE(ReadInt("2147483648", {TypeKind::kInteger}));
  EXPECT_EQ(ReadInt("9223372036854775807", {TypeKind::kLong}), INT64_MAX);
  EXPECT_FALSE(ReadInt("9223372036854775808", {TypeKind::kLong}));
  EXPECT_FALSE(ReadInt("1.0", {TypeKind::kLong}));
  EXPECT_FALSE(ReadInt("1 ", {TypeKind::kLong}));
}

TEST(PartitionValue, FloatsAreRoundedAsFloats) {
  EXPECT_EQ(ParsePartitionValue("0.1", {TypeKind::kFloat})->as_double(), static_cast<double>(0.1F));
  EXPECT_EQ(ParsePartitionValue("0.1", {TypeKind::kDouble})->as_double(), 0.1);
  EXPECT_TRUE(std::isnan(ParsePartitionValue("NaN", {TypeKind::kDouble})->as_double()));
  EXPECT_EQ(ParsePartitionValue("-Infinity", {TypeKind::kDouble})->as_double(), -INFINITY);
  EXPECT_TRUE(std::signbit(ParsePartitionValue("-0.0", {TypeKind::kDouble})->as_double()));
  EXPECT_FALSE(ParsePartitionValue("1e999", {TypeKind::kDouble}));
  EXPECT_FALSE(ParsePartitionValue("1x", {TypeKind::kFloat}));
}

TEST(PartitionValue, Decimals) {
  EXPECT_EQ(ReadInt("12.5", kDecimal10_2), 1250);
  EXPECT_EQ(ReadInt("99999999.99", kDecimal10_2), 9999999999);
  EXPECT_FALSE(ReadInt("100000000", kDecimal10_2));
  EXPECT_FALSE(ReadInt("-100000000", kDecimal10_2));
  EXPECT_FALSE(ReadInt("1.234", kDecimal10_2));
  const auto wide = ParsePartitionValue("-1.5", kDecimal38_2);
  ASSERT_TRUE(wide);
  EXPECT_EQ(DecodeWideDecimal(wide->as_string()), -150);
}

TEST(PartitionValue, TextAndBytes) {
  EXPECT_EQ(ParsePartitionValue("it's", {TypeKind::kString})->as_string(), "it's");
  EXPECT_EQ(ParsePartitionValue("\x01\x02", {TypeKind::kBinary})->as_string(), "\x01\x02");
}

TEST(PartitionValue, DatesAndTimes) {
  EXPECT_EQ(ReadInt("2024-02-29", {TypeKind::kDate}), 19782);
  EXPECT_FALSE(ReadInt("2023-02-29", {TypeKind::kDate}));
  const PrimitiveType timestamp{TypeKind::kTimestamp};
  EXPECT_EQ(ReadInt("1970-01-01 00:00:01", timestamp), 1'000'000);
  EXPECT_EQ(ReadInt("1970-01-01 00:00:00.123456", timestamp), 123456);
  EXPECT_EQ(ReadInt("1970-01-01T00:00:00.000000Z", timestamp, "Asia/Tokyo"), 0);
  EXPECT_EQ(ReadInt("1970-01-01 09:00:00", timestamp, "Asia/Tokyo"), 0);
  EXPECT_EQ(ReadInt("1970-01-02", timestamp), 86'400'000'000);
  EXPECT_FALSE(ReadInt("1970-01-01 09:00:00", timestamp, "Nowhere/Land"));
  EXPECT_FALSE(ReadInt("1970-01-01 25:00:00", timestamp));
  const PrimitiveType ntz{TypeKind::kTimestampNtz};
  EXPECT_EQ(ReadInt("1970-01-01 09:00:00", ntz, "Asia/Tokyo"), 32'400'000'000);
  EXPECT_FALSE(ReadInt("1970-01-01T00:00:00Z", ntz));
}

TEST(PartitionValue, OtherTypesAreUnknown) {
  EXPECT_FALSE(ParsePartitionValue("{}", {TypeKind::kVariant}));
  EXPECT_FALSE(ParsePartitionValue("x", {TypeKind::kUnknown}));
}

}  // namespace
}  // namespace levee::types
