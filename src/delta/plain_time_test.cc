#include "delta/plain_time.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace levee::delta {
namespace {

std::string TwoDigits(unsigned value) { return std::string(1, static_cast<char>('0' + value / 10)) +
                                               static_cast<char>('0' + value % 10); }

TEST(PlainDate, EveryDayOfFiveCenturiesIsTheCalendarsDay) {
  using std::chrono::sys_days;
  const sys_days first = std::chrono::year{1799} / 1 / 1;
  for (sys_days day = first; day < sys_days(std::chrono::year{2301} / 1 / 1); day += std::chrono::days(1)) {
    const std::chrono::year_month_day date(day);
    const std::string text = std::to_string(static_cast<int>(date.year())) + "-" +
                             TwoDigits(static_cast<unsigned>(date.month())) + "-" +
                             TwoDigits(static_cast<unsigned>(date.day()));
    ASSERT_EQ(PlainDate(text), day.time_since_epoch().count()) << text;
  }
}

TEST(PlainDate, NothingElseIsTaken) {
  for (const char* text : {"2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-01-32",
                           "2024-04-31", "0000-01-01", "2024/01-01", "2024-01/01", "2024-1-011", "20x4-01-01",
                           "2024-01-0:", "2024-01-/1", "2024-01-1", "2024-01-011", "", "\xb2\x30\x32\x34-01-01",
                           "2:24-01-01", "2024-01-1 "}) {
    EXPECT_EQ(PlainDate(text), std::nullopt) << text;
  }
  EXPECT_TRUE(PlainDate("2000-02-29"));
  EXPECT_TRUE(PlainDate("9999-12-31"));
}

TEST(PlainTimestamp, EachFieldCounts) {
  EXPECT_EQ(PlainTimestamp("1970-01-01T00:00:00.000"), 0);
  EXPECT_EQ(PlainTimestamp("1970-01-02T01:02:03.456"), 90'123'456'000);
  EXPECT_EQ(PlainTimestamp("1969-12-31T23:59:59.999"), -1'000);
}

TEST(PlainTimestamp, NothingElseIsTaken) {
  const std::string good = "2024-05-06T07:08:09.123";
  ASSERT_TRUE(PlainTimestamp(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : {'x', '/', ':', ' ', '-', '.', '\xb0'}) {
      std::string text = good;
      if (text[at] == c) continue;
      text[at] = c;
      EXPECT_EQ(PlainTimestamp(text), std::nullopt) << text;
    }
  }
  for (const char* text : {"2024-05-06T24:00:00.000", "2024-05-06T00:60:00.000", "2024-05-06T00:00:60.000",
                           "2024-02-30T00:00:00.000", "2024-05-06T00:00:00.00", "2024-05-06T00:00:00.000Z"}) {
    EXPECT_EQ(PlainTimestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace levee::delta
