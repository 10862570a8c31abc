// Dates, times and decimals as texts, and the order of values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "types/civil_date.h"
#include "types/value.h"

namespace levee::types {
namespace {

constexpr std::int64_t kDay = kMicrosPerDay;

TEST(Date, KnownDays) {
  // From java.time.LocalDate.toEpochDay.
  const std::pair<const char*, std::int64_t> known[] = {
      {"1970-01-01", 0},         {"1969-12-31", -1},       {"2000-02-29", 11016},   {"0001-01-01", -719162},
      {"9999-12-31", 2932896},   {"1600-02-29", -135081},  {"1582-10-15", -141427}, {"0000-01-01", -719528},
      {"+10000-01-01", 2932897}, {"-0001-12-31", -719529},
  };
  for (const auto& [text, days] : known) {
    EXPECT_EQ(ParseDate(text), days) << text;
    EXPECT_EQ(FormatDate(days), text);
  }
}

TEST(Date, EveryDayOfFiveCenturiesFollowsTheOneBefore) {
  CivilDate date{1700, 1, 1};
  for (std::int64_t days = DaysFromCivil(date); date.year < 2200; ++days) {
    ASSERT_EQ(DaysFromCivil(date), days);
    ASSERT_EQ(CivilFromDays(days), date);
    ASSERT_EQ(ParseDate(FormatDate(days)), days);
    if (++date.day > DaysInMonth(date.year, date.month)) {
      date.day = 1;
      if (++date.month > 12) date = {date.year + 1, 1, 1};
    }
  }
}

TEST(Date, RejectsWhatIsNoDate) {
  for (const char* text : {"", "2024", "2024-1-01", "2024-01-1", "2024-13-01", "2024-00-01", "2024-01-00",
                           "2024-01-32", "2023-02-29", "1900-02-29", "2024-04-31", "20240101", "12024-01-01",
                           "2024-01-01 ", " 2024-01-01", "2024/01/01", "+123-01-01", "+9999999-01-01", "x"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

TEST(Timestamp, Forms) {
  const auto micros = [](std::string_view text) { return ParseTimestamp(text)->micros; };
  EXPECT_EQ(micros("2024-01-31 12:00:00"), 19753 * kDay + 43'200'000'000);
  EXPECT_EQ(micros("2024-01-31T12:00:00.5"), 19753 * kDay + 43'200'500'000);
  EXPECT_EQ(micros("2024-01-31T12:00"), 19753 * kDay + 43'200'000'000);
  EXPECT_EQ(micros("1969-12-31T23:59:59.999999Z"), -1);
  EXPECT_EQ(micros("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(micros("1970-01-01T00:00:00-0130"), 5'400'000'000);
  EXPECT_EQ(micros("1970-01-01 00:00:00.1234569"), 123456);
  EXPECT_EQ(micros("0001-01-01T00:00:00Z"), -719162 * kDay);
  EXPECT_TRUE(ParseTimestamp("1970-01-01T00:00:00Z")->has_zone);
  EXPECT_TRUE(ParseTimestamp("1970-01-01 00:00:00 +02")->has_zone);
  EXPECT_FALSE(ParseTimestamp("1970-01-01T00:00:00")->has_zone);
}

TEST(Timestamp, RejectsWhatIsNoTime) {
  for (const char* text :
       {"", "2024-01-31", "2024-01-31 ", "2024-01-31 24:00:00", "2024-01-31 12:60:00", "2024-01-31 12:00:60",
        "2024-01-31 12:00:00.", "2024-01-31 12:00:00x", "2024-01-31 12", "2024-01-31 1:00:00",
        "2024-01-31T12:00:00+19:00", "2024-01-31T12:00:00+01:60", "2024-01-31T12:00:00Zx",
        "2024-01-31T12:00:00+", "2023-02-29 00:00:00", "+300000-01-01 00:00:00"}) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

TEST(Timestamp, Formats) {
  EXPECT_EQ(FormatTimestamp(0, true), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp(-1, true), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTimestamp(1'500'000, false), "1970-01-01T00:00:01.500");
  EXPECT_EQ(FormatTimestamp(1'000'050, false), "1970-01-01T00:00:01.000050");
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto micros = static_cast<std::int64_t>(random()) / 4;
    ASSERT_EQ(ParseTimestamp(FormatTimestamp(micros, true))->micros, micros);
  }
}

TEST(Decimal, ReadsExactlyOrNotAtAll) {
  EXPECT_EQ(ParseDecimal("12.50", 2), 1250);
  EXPECT_EQ(ParseDecimal("12.500000000000000000000000000000000000000000", 2), 1250);
  EXPECT_EQ(ParseDecimal("-1e3", 2), -100000);
  EXPECT_EQ(ParseDecimal("+1.5E-1", 2), 15);
  EXPECT_EQ(ParseDecimal(".5", 1), 5);
  EXPECT_EQ(ParseDecimal("5.", 1), 50);
  EXPECT_EQ(ParseDecimal("000", 0), 0);
  EXPECT_EQ(ParseDecimal("0e999999999999", 3), 0);
  EXPECT_EQ(ParseDecimal("120", -1), 12);
  for (const char* text : {"", "-", ".", "1.2.3", "1e", "1e+", "abc", "1 ", "0x1", "--1", "1e99", "1e-99"}) {
    EXPECT_FALSE(ParseDecimal(text, 2)) << text;
  }
  EXPECT_FALSE(ParseDecimal("1.234", 2));
}

TEST(Decimal, HasThirtyEightDigits) {
  const std::string nines(38, '9');
  const auto largest = ParseDecimal(nines, 0);
  ASSERT_TRUE(largest);
  EXPECT_EQ(FormatDecimal(*largest, 0), nines);
  EXPECT_EQ(FormatDecimal(-*largest, 38), "-0." + nines);
  EXPECT_EQ(ParseDecimal("-0." + nines, 38), -*largest);
  EXPECT_FALSE(ParseDecimal("1" + std::string(38, '0'), 0));
  EXPECT_FALSE(ParseDecimal(nines + ".5", 1));
}

TEST(Decimal, Formats) {
  EXPECT_EQ(FormatDecimal(1250, 2), "12.50");
  EXPECT_EQ(FormatDecimal(-5, 2), "-0.05");
  EXPECT_EQ(FormatDecimal(0, 0), "0");
  EXPECT_EQ(FormatDecimal(0, 3), "0.000");
}

TEST(Decimal, BytesOrderAsNumbers) {
  std::mt19937_64 random(11);
  const auto draw = [&] {
    const auto wide = static_cast<Int128>(static_cast<Int128>(random()) << 64 | random());
    return wide >> (random() % 127);
  };
  for (int i = 0; i < 20'000; ++i) {
    const Int128 a = draw();
    const Int128 b = i % 100 == 0 ? a : draw();
    ASSERT_EQ(DecodeWideDecimal(EncodeWideDecimal(a)), a);
    const int expected = a < b ? -1 : (a > b ? 1 : 0);
    ASSERT_EQ(ComparePhysical(EncodeWideDecimal(a), EncodeWideDecimal(b)), expected);
  }
}

TEST(ComparePhysical, NanIsHighestAndZerosAreEqual) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(ComparePhysical(nan, -nan), 0);
  EXPECT_EQ(ComparePhysical(nan, INFINITY), 1);
  EXPECT_EQ(ComparePhysical(-INFINITY, nan), -1);
  EXPECT_EQ(ComparePhysical(-0.0, 0.0), 0);
  EXPECT_EQ(ComparePhysical(1.0, 2.0), -1);
  EXPECT_EQ(ComparePhysical(std::string("a\xff"), std::string("a")), 1);
  EXPECT_EQ(ComparePhysical(std::string("\x80"), std::string("\x7f")), 1);
  EXPECT_EQ(ComparePhysical(std::int64_t{INT64_MIN}, std::int64_t{INT64_MAX}), -1);
}

TEST(FormatValue, ShortestTextThatReadsBack) {
  EXPECT_EQ(FormatValue({{TypeKind::kDouble}, 0.1}), "0.1");
  EXPECT_EQ(FormatValue({{TypeKind::kDouble}, -0.0}), "-0");
  EXPECT_EQ(FormatValue({{TypeKind::kFloat}, static_cast<double>(0.1F)}), "0.1");
  EXPECT_EQ(FormatValue({{TypeKind::kDouble}, NAN}), "NaN");
  EXPECT_EQ(FormatValue({{TypeKind::kDouble}, -INFINITY}), "-Infinity");
}

TEST(FormatValue, EveryType) {
  EXPECT_EQ(FormatValue({{TypeKind::kLong}, std::monostate{}}), "NULL");
  EXPECT_EQ(FormatValue({{TypeKind::kBoolean}, std::int64_t{1}}), "true");
  EXPECT_EQ(FormatValue({{TypeKind::kByte}, std::int64_t{-7}}), "-7");
  EXPECT_EQ(FormatValue({{TypeKind::kDecimal, 10, 2}, std::int64_t{150}}), "1.50");
  EXPECT_EQ(FormatValue({{TypeKind::kDecimal, 30, 2}, EncodeWideDecimal(-150)}), "-1.50");
  EXPECT_EQ(FormatValue({{TypeKind::kDate}, std::int64_t{-1}}), "1969-12-31");
  EXPECT_EQ(FormatValue({{TypeKind::kTimestamp}, std::int64_t{0}}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatValue({{TypeKind::kTimestampNtz}, std::int64_t{0}}), "1970-01-01T00:00:00");
  EXPECT_EQ(FormatValue({{TypeKind::kString}, std::string("it's")}), "it's");
  EXPECT_EQ(FormatValue({{TypeKind::kBinary}, std::string("\x01\xff")}), "0x01ff");
}

}  // namespace
}  // namespace levee::types
