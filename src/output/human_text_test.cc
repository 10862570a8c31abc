#include "output/human_text.h"

#include <gtest/gtest.h>

namespace levee::output {
namespace {

TEST(GroupedNumber, PutsACommaBeforeEachThreeDigits) {
  EXPECT_EQ(GroupedNumber(0), "0");
  EXPECT_EQ(GroupedNumber(999), "999");
  EXPECT_EQ(GroupedNumber(1000), "1,000");
  EXPECT_EQ(GroupedNumber(1000500), "1,000,500");
  EXPECT_EQ(GroupedNumber(-999), "-999");
  EXPECT_EQ(GroupedNumber(-123456), "-123,456");
}

TEST(HumanSize, KeepsThreeDigits) {
  EXPECT_EQ(HumanSize(0), "0 B");
  EXPECT_EQ(HumanSize(999), "999 B");
  EXPECT_EQ(HumanSize(1000), "1 KB");
  EXPECT_EQ(HumanSize(1420), "1.42 KB");
  EXPECT_EQ(HumanSize(612'345'678), "612 MB");
  EXPECT_EQ(HumanSize(999'999), "1 MB");
  EXPECT_EQ(HumanSize(INT64_MAX), "9.22 EB");
}

TEST(HumanDuration, ChoosesTheUnit) {
  EXPECT_EQ(HumanDuration(850), "850 ns");
  EXPECT_EQ(HumanDuration(25'400), "25.4 us");
  EXPECT_EQ(HumanDuration(1'200'000), "1.2 ms");
  EXPECT_EQ(HumanDuration(125'000'000'000), "2 min 5 s");
  EXPECT_EQ(HumanDuration(3'720'000'000'000), "1 h 2 min");
}

TEST(Printable, ShowsControlCharacters) {
  EXPECT_EQ(Printable("a\nb\x1b[31m"), "a\\nb\\x1b[31m");
  EXPECT_EQ(Printable("Größe"), "Größe");
}

TEST(Shortened, LeavesTheMiddleOut) {
  EXPECT_EQ(Shortened("part-0000.parquet", 17), "part-0000.parquet");
  EXPECT_EQ(Shortened("part-0000.parquet", 11), "part...quet");
  EXPECT_EQ(Shortened("éééééééééé", 7), "éé...éé");
  EXPECT_EQ(Shortened("abcdef", 2), "..");
}

}  // namespace
}  // namespace levee::output
