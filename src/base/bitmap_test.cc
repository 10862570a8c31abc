#include "base/bitmap.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace levee {
namespace {

TEST(Bitmap, BehavesLikeASet) {
  std::mt19937 random(3);
  for (const std::size_t size : {0u, 1u, 63u, 64u, 65u, 1'000u}) {
    Bitmap bitmap(size), other(size);
    std::set<std::size_t> expected, expected_other;
    for (std::size_t i = 0; i < size; ++i) {
      if (random() % 3 == 0) bitmap.Set(i), expected.insert(i);
      if (random() % 2 == 0) other.Set(i), expected_other.insert(i);
    }
    EXPECT_EQ(bitmap.Count(), expected.size());
    Bitmap both = bitmap, either = bitmap;
    both.And(other);
    either.Or(other);
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_EQ(bitmap.Get(i), expected.contains(i));
      EXPECT_EQ(both.Get(i), expected.contains(i) && expected_other.contains(i));
      EXPECT_EQ(either.Get(i), expected.contains(i) || expected_other.contains(i));
    }
    std::set<std::size_t> visited;
    bitmap.ForEach([&](std::size_t row) { visited.insert(row); });
    EXPECT_EQ(visited, expected);
  }
}

TEST(Bitmap, RangesAreSetAndSearched) {
  std::mt19937 random(4);
  for (int round = 0; round < 500; ++round) {
    const std::size_t size = random() % 300 + 1, first = random() % size, count = random() % (size - first + 1);
    Bitmap bitmap(size);
    const std::size_t alone = random() % size;
    bitmap.Set(alone);
    bitmap.SetRange(first, count);
    std::set<std::size_t> expected{alone};
    for (std::size_t row = first; row < first + count; ++row) expected.insert(row);
    std::set<std::size_t> rows;
    bitmap.ForEach([&](std::size_t row) { rows.insert(row); });
    EXPECT_EQ(rows, expected);
    const std::size_t from = random() % size, to = from + random() % (size - from + 1);
    const auto next = expected.lower_bound(from);
    const std::size_t found = next == expected.end() || *next >= to ? to : *next;
    EXPECT_EQ(bitmap.NextIn(from, to), found);
    EXPECT_EQ(bitmap.AnyIn(from, to - from), found < to);
  }
}

TEST(Bitmap, BitsPastTheSizeStayZero) {
  EXPECT_EQ(Bitmap(70, true).Count(), 70u);
  EXPECT_TRUE(Bitmap(70, true).All());
  Bitmap grown;
  for (int i = 0; i < 70; ++i) grown.PushBack(true);
  EXPECT_EQ(grown, Bitmap(70, true));
}

}  // namespace
}  // namespace levee
