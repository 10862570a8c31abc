#include "cli/du_hints.h"

#include <gtest/gtest.h>

#include <random>

namespace levee::cli {
namespace {

constexpr std::int64_t kSmall = store::kSmallFileBytes;

store::FileSums Sums(const std::vector<std::int64_t>& sizes) {
  store::FileSums sums;
  for (const std::int64_t size : sizes) {
    sums.Add({.files = 1, .bytes = size, .known_records = 1, .small_files = size < kSmall ? 1 : 0});
  }
  return sums;
}

// What compaction leaves, from the files themselves.
std::int64_t LeftOf(const std::vector<std::int64_t>& sizes) {
  std::int64_t small = 0, small_bytes = 0, left = 0;
  for (const std::int64_t size : sizes) {
    if (size >= kSmall) {
      ++left;
    } else {
      ++small;
      small_bytes += size;
    }
  }
  if (small == 0) return left;
  return left + std::max<std::int64_t>(1, (small_bytes + kCompactedFileBytes - 1) / kCompactedFileBytes);
}

TEST(DuHintsTest, TheBoundHoldsAndIsExactForSmallFiles) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::int64_t> sizes(1 + random() % 30);
    const bool all_small = round % 2 == 0;
    for (std::int64_t& size : sizes) size = static_cast<std::int64_t>(random() % (all_small ? kSmall : 8 * kSmall));
    const std::int64_t left = FilesAfterCompaction(Sums(sizes));
    EXPECT_LE(left, static_cast<std::int64_t>(sizes.size()));
    EXPECT_GE(left, LeftOf(sizes));
    if (all_small) EXPECT_EQ(left, LeftOf(sizes));
  }
}

std::vector<std::string> NotesOf(const std::vector<std::vector<std::int64_t>>& partitions) {
  DuHints hints(true);
  for (std::size_t i = 0; i < partitions.size(); ++i) hints.Add(Sums(partitions[i]), [i] { return "p=" + std::to_string(i); });
  return hints.Notes();
}

TEST(DuHintsTest, FewFilesAndEvenPartitionsNeedNothing) {
  EXPECT_TRUE(NotesOf({}).empty());
  EXPECT_TRUE(NotesOf({{1, 2, 3}, {4}}).empty());
  EXPECT_TRUE(NotesOf({std::vector<std::int64_t>(200, kSmall)}).empty());
  const std::vector<std::int64_t> even(3, kSmall);
  EXPECT_TRUE(NotesOf({even, even, even, even}).empty());
  // Ten files gained of two hundred.
  std::vector<std::int64_t> mostly_large(200, 1 << 30);
  mostly_large.resize(211, 1);
  EXPECT_TRUE(NotesOf({mostly_large}).empty());
}

TEST(DuHintsTest, SmallFilesAreTold) {
  EXPECT_EQ(NotesOf({std::vector<std::int64_t>(40, 1 << 20)}),
            std::vector<std::string>{"40 of 40 files are below 32 MiB; compacted to 128 MiB at most 1 file would be left"});
  EXPECT_EQ(NotesOf({std::vector<std::int64_t>(40, 1 << 20), std::vector<std::int64_t>(60, 16 << 20), {kSmall}}),
            (std::vector<std::string>{"100 of 101 files are below 32 MiB; compacted to 128 MiB, each partition by itself, at most 10 "
                                      "files would be left",
                                      "most is gained in p=1: at most 8 instead of 60 files"}));
}

TEST(DuHintsTest, ALargePartitionIsTold) {
  const std::vector<std::int64_t> small{kSmall}, large{60 * kSmall};
  EXPECT_EQ(NotesOf({small, small, large, small, small}),
            std::vector<std::string>{"p=2 holds 2.01 GB, 60 times the median partition's 33.6 MB"});
  EXPECT_EQ(NotesOf({{0}, {0}, large, {0}}), std::vector<std::string>{"p=2 holds 2.01 GB, and most partitions next to nothing"});
  EXPECT_TRUE(NotesOf({small, large, small}).empty());  // too few to tell
  // The median of an even number lies between the middle two: 60 / ((1 + 19) / 2) < 8.
  EXPECT_TRUE(NotesOf({small, small, {19 * kSmall}, large}).empty());
}

TEST(DuHintsTest, GroupsThatAreNoPartitionsSayNothing) {
  DuHints hints(false);
  for (int i = 0; i < 100; ++i) hints.Add(Sums({1}), [] { return std::string("x"); });
  EXPECT_TRUE(hints.Notes().empty());
}

}  // namespace
}  // namespace levee::cli
