// Offsets from Python's zoneinfo, fold=0 (a time that comes twice or never: the offset before).
#include "types/time_zone.h"

#include <gtest/gtest.h>

#include <thread>

#include "types/value.h"

namespace levee::types {
namespace {

// Hours to add to get UTC.
double ToUtcHours(const char* wall, std::string_view zone) {
  const auto micros = WallClockToUtc(ParseTimestamp(wall)->micros, zone);
  return micros ? static_cast<double>(*micros) / 3.6e9 : -999;
}

TEST(TimeZone, FixedOffsets) {
  for (const char* zone : {"UTC", "Z", "GMT", "UTC+0", "+00:00"}) {
    EXPECT_EQ(ToUtcHours("2024-07-01 00:00:00", zone), 0) << zone;
  }
  EXPECT_EQ(ToUtcHours("2024-07-01 00:00:00", "+01:00"), -1);
  EXPECT_EQ(ToUtcHours("2024-07-01 00:00:00", "-05:30"), 5.5);
  EXPECT_EQ(ToUtcHours("2024-07-01 00:00:00", "GMT+9"), -9);
  EXPECT_EQ(ToUtcHours("2024-07-01 00:00:00", "UTC-03:00"), 3);
}

TEST(TimeZone, UnknownNamesAreRejected) {
  for (const char* zone : {"", "Europe/Nowhere", "../zoneinfo/UTC", "Europe/../UTC", "/etc/localtime",
                           "Europe", "+25:00", "GMT+", "zone.tab", "Europe\nBerlin"}) {
    EXPECT_FALSE(WallClockToUtc(0, zone)) << zone;
  }
  EXPECT_FALSE(WallClockToUtc(0, std::string(5000, 'a')));
}

class SystemZones : public testing::Test {
 protected:
  void SetUp() override {
    if (FindTimeZone("Europe/Berlin") == nullptr) GTEST_SKIP() << "no zone files on this machine";
  }
};

TEST_F(SystemZones, BerlinWinterAndSummer) {
  EXPECT_EQ(ToUtcHours("2024-01-15 12:00:00", "Europe/Berlin"), -1);
  EXPECT_EQ(ToUtcHours("2024-07-15 12:00:00", "Europe/Berlin"), -2);
  EXPECT_EQ(ToUtcHours("2024-03-31 01:59:59", "Europe/Berlin"), -1);
  EXPECT_EQ(ToUtcHours("2024-03-31 02:30:00", "Europe/Berlin"), -1);  // never
  EXPECT_EQ(ToUtcHours("2024-03-31 03:00:00", "Europe/Berlin"), -2);
  EXPECT_EQ(ToUtcHours("2024-10-27 02:30:00", "Europe/Berlin"), -2);  // twice
  EXPECT_EQ(ToUtcHours("2024-10-27 03:00:00", "Europe/Berlin"), -1);
  EXPECT_NEAR(ToUtcHours("1850-01-01 00:00:00", "Europe/Berlin"), -(53 * 60 + 28) / 3600.0, 1e-9);
}

TEST_F(SystemZones, RuleHoldsPastTheLastTransition) {
  EXPECT_EQ(ToUtcHours("2100-01-15 12:00:00", "Europe/Berlin"), -1);
  EXPECT_EQ(ToUtcHours("2100-07-15 12:00:00", "Europe/Berlin"), -2);
  EXPECT_EQ(ToUtcHours("2100-03-28 03:00:00", "Europe/Berlin"), -2);
  EXPECT_EQ(ToUtcHours("2100-10-31 02:59:00", "Europe/Berlin"), -2);
  EXPECT_EQ(ToUtcHours("2100-01-15 12:00:00", "Australia/Sydney"), -11);
  EXPECT_EQ(ToUtcHours("2100-07-15 12:00:00", "Australia/Sydney"), -10);
  EXPECT_EQ(ToUtcHours("2100-07-15 12:00:00", "Asia/Tokyo"), -9);
  EXPECT_EQ(ToUtcHours("2100-07-15 12:00:00", "America/New_York"), 4);
}

TEST_F(SystemZones, UtcToWallClockUndoesWallClockToUtc) {
  for (const char* zone : {"Europe/Berlin", "Australia/Sydney", "America/New_York", "Asia/Tokyo", "+05:30"}) {
    for (std::int64_t day = -20'000; day < 60'000; day += 13) {
      const std::int64_t utc = day * 86'400'000'000 + 43'200'000'000;
      const std::int64_t wall = utc + *UtcToWallClock(utc, zone);
      ASSERT_EQ(wall + *WallClockToUtc(wall, zone), utc) << zone << " " << day;
    }
  }
  // The last second of summer, and the first of winter.
  EXPECT_EQ(UtcToWallClock(ParseTimestamp("2024-10-27T00:59:59Z")->micros, "Europe/Berlin"), 7'200'000'000);
  EXPECT_EQ(UtcToWallClock(ParseTimestamp("2024-10-27T01:00:00Z")->micros, "Europe/Berlin"), 3'600'000'000);
  EXPECT_EQ(UtcToWallClock(ParseTimestamp("2100-10-31T00:59:59Z")->micros, "Europe/Berlin"), 7'200'000'000);
  EXPECT_EQ(UtcToWallClock(ParseTimestamp("2100-10-31T01:00:00Z")->micros, "Europe/Berlin"), 3'600'000'000);
  EXPECT_FALSE(UtcToWallClock(0, "Nowhere"));
}

TEST_F(SystemZones, ThreadsShareTheCache) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (const char* zone : {"Asia/Kolkata", "America/Lima", "Africa/Cairo", "Asia/Kolkata"}) {
        EXPECT_NE(FindTimeZone(zone), nullptr);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(TimeZone, RejectsBytesThatAreNoZone) {
  EXPECT_FALSE(TimeZone::Parse(""));
  EXPECT_FALSE(TimeZone::Parse("TZif"));
  EXPECT_FALSE(TimeZone::Parse(std::string("TZif2") + std::string(39, '\0')));
  EXPECT_FALSE(TimeZone::Parse(std::string("TZif2") + std::string(39, '\xff')));
}

TEST(PosixZone, Forms) {
  const auto plain = ParsePosixZone("<-03>3");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->OffsetAtWall(0), -3 * 3600);
  const auto julian = ParsePosixZone("AAA0BBB,J60/0,J300/0");
  ASSERT_TRUE(julian);
  // Day 60 is March 1st, in a leap year too.
  EXPECT_EQ(julian->daylight_start.WallSeconds(2024), *ParseDate("2024-03-01") * 86400);
  EXPECT_EQ(julian->daylight_start.WallSeconds(2023), *ParseDate("2023-03-01") * 86400);
  const auto day = ParsePosixZone("AAA0BBB-2,59/0,299/0");
  ASSERT_TRUE(day);
  EXPECT_EQ(day->daylight_offset, 7200);
  EXPECT_EQ(day->daylight_start.WallSeconds(2024), *ParseDate("2024-02-29") * 86400);
  for (const char* text :
       {"", "CE", "CET", "<CET-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x",
        "CET-1CEST,J0,J300", "CET-200"}) {
    EXPECT_FALSE(ParsePosixZone(text)) << text;
  }
}

}  // namespace
}  // namespace levee::types
