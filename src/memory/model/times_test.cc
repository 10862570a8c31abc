#include "memory/model/times.h"

#include <gtest/gtest.h>

#include <random>

namespace levee::memory {
namespace {

// Expected values from Python's datetime.
TEST(Times, ReadsRfc3339) {
  EXPECT_EQ(ParseTime("2024-01-31T12:00:00Z"), 1'706'702'400'000'000);
  EXPECT_EQ(ParseTime("2024-01-31T12:00:00.25+01:00"), 1'706'698'800'250'000);
  EXPECT_EQ(ParseTime("2024-01-31T12:00:00"), 1'706'702'400'000'000);
  EXPECT_EQ(ParseTime("2024-01-31"), 1'706'659'200'000'000);
  EXPECT_EQ(ParseTime("1969-12-31T23:59:59.999999Z"), -1);
}

TEST(Times, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "2024-02-30", "2024-01-31T25:00:00Z", "2024-01-31T12:00:00Zulu", "12:00"}) {
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
  }
}

TEST(Times, WritesAsManyDigitsAsNeeded) {
  EXPECT_EQ(TimeText(1'706'702'400'000'000), "2024-01-31T12:00:00Z");
  EXPECT_EQ(TimeText(1'706'702'400'250'000), "2024-01-31T12:00:00.250Z");
  EXPECT_EQ(TimeText(1'706'702'400'000'001), "2024-01-31T12:00:00.000001Z");
}

TEST(Times, EveryTimeIsReadBackTheSame) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto micros = static_cast<std::int64_t>(random()) >> (random() % 24);
    EXPECT_EQ(ParseTime(TimeText(micros)), micros) << TimeText(micros);
  }
}

}  // namespace
}  // namespace levee::memory
